// What the pad holds outlives a reload of the page, in this tab of this browser alone.
const KEPT = "two-readings-drawing";

function keep(strokes) {
  try {
    sessionStorage.setItem(KEPT, asText(strokes));
  } catch {
    // a browser that keeps nothing, or has no more room: the drawing is on the pad all the same
  }
}

function kept() {
  try {
    return asStrokes(sessionStorage.getItem(KEPT) ?? "");
  } catch {
    return null;
  }
}
