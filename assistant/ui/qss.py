"""The style sheet, written from the tokens and the text size."""

from __future__ import annotations

from assistant.ui.tokens import Tokens

TEXT_ROLES = {
    "axis": (11, 400, "text3"),
    "note": (12, 400, "text3"),
    "unit": (12, 400, "text2"),
    "strongNote": (12, 600, "text2"),
    "body": (13, 400, "text"),
    "soft": (13, 400, "text2"),
    "value": (13, 500, "text"),
    "head": (13, 600, "text"),
    "state": (15, 600, "text"),
    "title": (20, 600, "text"),
    "bad": (12, 400, "stop"),
}
"""For QLabel's property "role": pixels, weight, token."""


def sheet(t: Tokens, text_scale: float) -> str:
    """The whole sheet. text_scale multiplies every size of text and the heights that hold it."""

    def px(size: float) -> str:
        return f"{max(11, round(size * text_scale))}px"

    def height(size: float) -> str:
        return f"{round(size * text_scale)}px"

    labels = "\n".join(
        f'QLabel[role="{role}"] {{ font-size: {px(size)}; font-weight: {weight}; color: {getattr(t, token)}; }}'
        for role, (size, weight, token) in TEXT_ROLES.items()
    )
    return f"""
* {{ outline: none; }}
QToolTip {{ background: {t.raised}; color: {t.text2}; border: 1px solid {t.line2}; padding: 6px 8px;
  font-size: {px(12)}; }}
QLabel {{ color: {t.text}; background: transparent; }}
{labels}
QLabel[role="key"] {{ font-size: {px(11)}; color: {t.text2}; border: 1px solid {t.line2}; border-radius: 4px;
  padding: 0 5px; }}

QFrame#card {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 8px; }}
QFrame#inset {{ background: {t.sunken}; border: 1px solid {t.line}; border-radius: 6px; }}
QFrame#bar, QFrame#column {{ background: {t.surface}; border: none; }}
QFrame#rule {{ background: {t.line}; border: none; }}
QFrame#rule2 {{ background: {t.line2}; border: none; }}

QPushButton, QToolButton {{ font-size: {px(13)}; font-weight: 500; color: {t.text}; background: {t.surface};
  border: 1px solid {t.control}; border-radius: 6px; padding: 0 10px; min-height: {height(24)}; }}
QPushButton:hover, QToolButton:hover {{ background: {t.window}; }}
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked {{ background: {t.line}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {t.text3}; border-color: {t.line2}; }}
QPushButton[kind="primary"] {{ background: {t.near}; color: {t.on_near}; border-color: {t.near}; font-weight: 600; }}
QPushButton[kind="quiet"], QToolButton[kind="quiet"] {{ background: transparent; border-color: transparent;
  color: {t.text2}; padding: 0 6px; }}
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover {{ background: {t.window}; }}
QPushButton[kind="link"] {{ background: transparent; border-color: transparent; color: {t.near}; padding: 0 4px; }}
QPushButton[kind="page"] {{ background: transparent; border-color: transparent; color: {t.text2}; padding: 0 12px;
  min-height: {height(28)}; }}
QPushButton[kind="page"]:checked {{ background: {t.window}; border-color: {t.line}; color: {t.text};
  font-weight: 600; }}
QToolButton::menu-indicator, QPushButton::menu-indicator {{ width: 0; image: none; }}

QLineEdit {{ font-size: {px(13)}; color: {t.text}; background: {t.surface}; border: 1px solid {t.control};
  border-radius: 6px; padding: 0 9px; min-height: {height(24)}; selection-background-color: {t.near};
  selection-color: {t.on_near}; placeholder-text-color: {t.text3}; }}
QLineEdit:focus {{ border-color: {t.near}; }}
QLineEdit[kind="figure"] {{ padding: 0 3px; min-height: 0; font-weight: 500; }}
QLabel[role="refusal"] {{ font-size: {px(12)}; font-weight: 500; color: {t.on_bubble}; background: {t.bubble};
  border-radius: 5px; padding: 3px 8px; }}
QFrame#sheet {{ background: {t.raised}; border: 1px solid {t.line2}; border-radius: 6px; }}
QComboBox QAbstractItemView {{ background: {t.raised}; border: 1px solid {t.line2}; padding: 4px;
  font-size: {px(13)}; color: {t.text}; selection-background-color: {t.near_soft}; selection-color: {t.text}; }}
QMenu {{ background: {t.raised}; border: 1px solid {t.line2}; padding: 4px; font-size: {px(13)}; color: {t.text}; }}
QMenu::item {{ padding: 5px 14px; border-radius: 5px; }}
QMenu::item:selected {{ background: {t.near_soft}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 6px; }}
QTextBrowser {{ background: {t.surface}; border: none; color: {t.text}; font-size: {px(14)};
  selection-background-color: {t.near}; selection-color: {t.on_near}; }}
QScrollArea, QScrollArea > QWidget > QWidget#scrolled {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t.line2}; border-radius: 3px; min-height: 24px; margin: 2px; }}
QScrollBar::handle:vertical:hover {{ background: {t.control}; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {t.line2}; border-radius: 3px; min-width: 24px; margin: 2px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: {t.line}; }}
QDialog {{ background: {t.surface}; }}
"""
