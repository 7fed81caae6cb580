"""The small sheet that asks for the name of a preset of one's own."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from assistant.settings.notice import NotSaved
from assistant.settings.presets import LONGEST_NAME, PresetRefused
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme


class SavePreset(QFrame):
    """Opens under a button, goes at Esc or a click beside it."""

    def __init__(self, theme: Theme, model: SettingsModel, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("sheet")
        self._model = model
        self.name = QLineEdit(self)
        self.name.setPlaceholderText("Name, such as Kitchen")
        self.name.setAccessibleName("Name of the preset")
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setMinimumWidth(theme.scaled(200))
        save = QPushButton("Save", self)
        save.setProperty("kind", "primary")
        self.fault = QLabel(self)
        self.fault.setProperty("role", "bad")
        self.fault.setWordWrap(True)
        self.fault.hide()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.name)
        line.addWidget(save)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.fault)
        save.clicked.connect(self._save)
        self.name.returnPressed.connect(self._save)

    def popup_under(self, button: QWidget) -> None:
        """Show with the right edge at the button's, above it where there is no room below."""
        self.adjustSize()
        place = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + 4))
        self.move(place)
        self.show()
        self.name.setFocus()

    def _save(self) -> None:
        try:
            notices = self._model.save_preset(self.name.text())
        except PresetRefused as refused:
            self._say(str(refused))
            return
        unsaved = [notice for notice in notices if isinstance(notice, NotSaved)]
        if unsaved:
            self._say(f"{unsaved[0].text} {unsaved[0].remedy}")
        else:
            self.close()

    def _say(self, fault: str) -> None:
        self.fault.setText(fault)
        self.fault.show()
        self.adjustSize()
