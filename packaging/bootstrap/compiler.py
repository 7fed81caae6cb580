"""Is there a C++ compiler, and which line installs one? CMake and Ninja come as packages by themselves."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from bootstrap import packages


def present() -> bool:
    """True where a build has a compiler to try."""
    if sys.platform == "win32":
        return shutil.which("cl") is not None or _visual_studio()
    if sys.platform == "darwin":  # /usr/bin/c++ always exists and only asks to install the real one
        return subprocess.run(["xcode-select", "-p"], capture_output=True, check=False).returncode == 0
    chosen = shlex.split(os.environ.get("CXX", ""))[:1]
    return any(shutil.which(name) for name in (*chosen, "c++", "g++", "clang++"))


def remedy() -> str:
    """One sentence with the line to type on this system."""
    if sys.platform == "win32":
        line = (
            "winget install Microsoft.VisualStudio.2022.BuildTools --override "
            '"--passive --wait --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended"'
        )
    elif sys.platform == "darwin":
        line = "xcode-select --install"
    else:
        tool = packages.manager()
        if tool is None:
            return "Install a C++ compiler (GCC or Clang), then start Interject again."
        line = packages.line_to_type(tool, packages.names(tool, [packages.COMPILER]))
    return f"Type '{line}', then start Interject again."


def _visual_studio() -> bool:
    programs = os.environ.get("PROGRAMFILES(X86)", r"C:\Program Files (x86)")
    finder = Path(programs) / "Microsoft Visual Studio" / "Installer" / "vswhere.exe"
    if not finder.exists():
        return False
    tools = "Microsoft.VisualStudio.Component.VC.Tools.x86.x64"
    asked = [str(finder), "-products", "*", "-requires", tools, "-property", "installationPath"]
    return bool(subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip())
