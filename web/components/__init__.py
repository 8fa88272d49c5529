"""What the page shows that Gradio does not, and what it shows otherwise.

A component of our own lies in files of its name: NAME.py, .html, .css and .js. It knows only itself:
what others should hear it says in an event that bubbles, and `web/page.js` tells them. Of Gradio's
own components, `label` and `upload`, only the style is ours: `web.page` names their sheets.
"""
