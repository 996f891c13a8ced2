"""The help pages: topics, their subtopics, and one text each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from fieldops.common.permissions import SIGNED_IN
from fieldops.common.views import OfficeView
from fieldops.help_topics import TOPICS


class HelpView(OfficeView):
    permission = SIGNED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "fieldops/help.html", {"topics": TOPICS})


class HelpTopicView(OfficeView):
    """All of one topic; a subtopic is a heading on it."""

    permission = SIGNED_IN

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        topic = next((topic for topic in TOPICS if topic.slug == slug), None)
        if topic is None:
            raise Http404
        sections = [
            {
                "subtopic": subtopic,
                "template": f"fieldops/help/{topic.slug}/{subtopic.slug}.html",
            }
            for subtopic in topic.subtopics
        ]
        context = {"topic": topic, "topics": TOPICS, "sections": sections}
        return render(request, "fieldops/help_topic.html", context)
