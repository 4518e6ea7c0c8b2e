"""A person by hand: the id, and rows of attribute, kind and value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from messaging.common.ids import BadId, normal_id
from messaging.people import attributes

KINDS = [(kind.value, label) for kind, label in attributes.LABELS.items()]


class PersonForm(forms.Form):
    external_id = forms.CharField(
        label="Id", max_length=150, help_text="The id your app identifies them by; it cannot be changed later."
    )

    def clean_external_id(self) -> str:
        try:
            return normal_id(self.cleaned_data["external_id"])
        except BadId as error:
            raise forms.ValidationError(str(error)) from None


@dataclass
class Row:
    name: str = ""
    kind: str = "text"
    value: str = ""
    error: str = ""


class AttributeForm:
    """Bound to what was posted, or to attributes that are kept. Rows without name and value are nothing.

    What nobody touched stays as it was, also where a field cannot show it (line breaks, spaces around a name) and where
    it could not be written so by hand (a long text).
    """

    def __init__(self, kept: dict[str, Any] | None = None, data: QueryDict | None = None) -> None:
        self.kinds, self.error, self.attributes = KINDS, "", dict[str, Any]()
        self._kept = kept or {}
        ordered = sorted(self._kept.items())
        self.rows = [Row(name, attributes.kind_of(value).value, attributes.shown(value)) for name, value in ordered]
        self._names = {_one_line(name): name for name in self._kept}
        self._untouched = {_sent(row): row.name for row in self.rows}
        if data is not None:
            self._posted(data)

    def _posted(self, data: QueryDict) -> None:
        lists = (data.getlist("attribute_name"), data.getlist("attribute_kind"), data.getlist("attribute_value"))
        if len({len(one) for one in lists}) > 1:
            self.error = "The form did not arrive whole: send it again."
        every = [Row(*one) for one in zip(*lists, strict=False)]
        self.rows = [row for row in every if row.name.strip() or row.value.strip() or _sent(row) in self._untouched]
        most = max(attributes.MOST, len(self._kept))
        if len(self.rows) > most:
            self.error = f"A person has at most {attributes.MOST} attributes: remove some."
        for row in self.rows[:most]:
            self._read(row)
        if self.is_valid() and self.attributes != self._kept:
            self.error = attributes.outgrown(self._kept, self.attributes) or ""

    def _read(self, row: Row) -> None:
        try:
            name, value = self._pair(row)
        except ValueError as error:
            row.error = str(error)
            return
        if name in self.attributes:
            row.error = f"“{name}” is there twice: remove one of them."
        self.attributes[name] = value

    def _pair(self, row: Row) -> tuple[str, Any]:
        if (name := self._untouched.get(_sent(row))) is not None:
            return name, self._kept[name]
        name = self._names.get(_one_line(row.name))
        value = row.value.replace("\r\n", "\n")
        return attributes.name(row.name) if name is None else name, attributes.read(row.kind, value)

    def is_valid(self) -> bool:
        return not self.error and not any(row.error for row in self.rows)


def _sent(row: Row) -> tuple[str, str, str]:
    """As a browser sends it back: a name on one line, and line breaks of one kind."""
    return _one_line(row.name), row.kind, row.value.replace("\r\n", "\n").replace("\r", "\n")


def _one_line(name: str) -> str:
    return name.replace("\r", "").replace("\n", "")
