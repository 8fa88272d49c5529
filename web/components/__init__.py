"""What the page shows that Gradio does not, and what it shows otherwise.

A component of our own lies in files of its name: NAME.py, .html, .css and .js. It knows only
itself: what others should hear it says in an event that bubbles, and `web/page.js` passes it on.
The pad's drawing gets its ink in `ink.js`, becomes a link in `link.js` and outlives a reload in
`session.js`.
`label` and `upload` are Gradio's, with values and styles of ours; `web.page` names their sheets.
"""
