"""Django's forms as generic classes: only the type checker sees the parameter."""

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from django.forms import BaseFormSet as TypedFormSet
    from django.forms import ModelForm as TypedModelForm
else:

    class TypedModelForm(forms.ModelForm):
        def __class_getitem__(cls, model: Any) -> type:
            return cls

    class TypedFormSet(forms.BaseFormSet):
        def __class_getitem__(cls, form: Any) -> type:
            return cls


__all__ = ["TypedFormSet", "TypedModelForm"]
