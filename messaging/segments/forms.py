from __future__ import annotations

from django import forms


class SegmentForm(forms.Form):
    name = forms.CharField(max_length=80, help_text="For example “Paying customers”.")
