from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

VIDEO_HOSTS = (
    "youtube.com",
    "youtu.be",
    "vimeo.com",
    "sharepoint.com",
    "box.com",
    "drive.google.com",
)


class VideoForm(forms.Form):
    link = forms.URLField(
        label=_("Link to your video"),
        max_length=500,
        assume_scheme="https",
        error_messages={
            "required": _("Paste the link to your video."),
            "invalid": _("Paste the whole link, starting with https://"),
        },
    )

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        place = urlsplit(link)
        host = (place.hostname or "").lower()
        known = any(host == one or host.endswith(f".{one}") for one in VIDEO_HOSTS)
        if place.scheme != "https" or not known:
            raise forms.ValidationError(
                _("Use a link from YouTube, Vimeo, SharePoint, Box or Google Drive.")
            )
        return link


class VideoFileForm(forms.Form):
    file = forms.FileField(
        label=_("Choose the video"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first.")},
    )


class CaptionsForm(forms.Form):
    file = forms.FileField(
        label=_("Captions file (.vtt)"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput(attrs={"accept": ".vtt"}),
    )
    language = forms.ChoiceField(label=_("Language of the captions"), choices=settings.LANGUAGES)
