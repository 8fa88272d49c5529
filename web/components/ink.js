// What a drawing's ink looks like, on the screen and in the pictures made of it. A stroke is a list of
// points [x, y]; lengths are in widths of the pad, so that no screen matters.

function trace(context, stroke) {
  const [first, ...rest] = stroke;
  context.beginPath();
  context.moveTo(...first);
  let [x, y] = first;
  for (const [nextX, nextY] of rest) {
    context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    [x, y] = [nextX, nextY];
  }
  context.lineTo(x + 1e-4, y); // a tap is a dot: a line to the same point would draw nothing
  context.stroke();
}

function ink(context, strokes, width, color) {
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = width;
  context.strokeStyle = color;
  strokes.forEach((stroke) => trace(context, stroke));
}

// Where there are several digits, the pen is no wider on the screen than in the picture sent.
function penWidth(strokes, { pen, inkPen }) {
  return Math.min(pen, (heightOfSeveral(strokes) ?? Infinity) * inkPen);
}

// The picture that is sent: black on white, the drawing filling it whatever its size on the pad.
// The pen's width follows the digits' size, so that a small digit is no blob and a large one no
// hairline once it has been fitted to the 20x20 pixels of MNIST. Where there are several, the picture
// is as much wider or higher as they need.
function asCanvas(strokes, { pen, inkPen, pictureSide, largestSide }) {
  const points = strokes.flat();
  const [left, right] = range(points, 0);
  const [top, bottom] = range(points, 1);
  const width = right - left;
  const height = bottom - top;
  const size = Math.max(heightOfSeveral(strokes) ?? Math.max(width, height), pen);
  const margin = pictureSide / 3;
  const scale = Math.min(
    (pictureSide * 2) / (3 * size), (largestSide - margin) / Math.max(width, height));
  const page = document.createElement("canvas");
  page.width = Math.max(pictureSide, Math.round(width * scale + margin));
  page.height = Math.max(pictureSide, Math.round(height * scale + margin));
  const context = page.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "white";
  context.fillRect(0, 0, page.width, page.height);
  context.translate(page.width / 2, page.height / 2);
  context.scale(scale, scale);
  context.translate(-(left + right) / 2, -(top + bottom) / 2);
  ink(context, strokes, size * inkPen, "black");
  return page;
}

// The whole sheet as it is seen, but black on white, in a picture to keep.
function asSheet(strokes, props, side) {
  const page = document.createElement("canvas");
  page.width = page.height = side;
  const context = page.getContext("2d");
  context.scale(side, side);
  context.fillStyle = "white";
  context.fillRect(0, 0, 1, 1);
  ink(context, strokes, penWidth(strokes, props), "black");
  return page.toDataURL("image/png");
}

// How tall the digits are where there are several, or null. There are when tall strokes lie apart, or
// strokes together are much wider than high; the tallest one is as tall as a digit. Bars and underlines
// are not tall: a digit in several strokes stays one.
function heightOfSeveral(strokes) {
  if (strokes.length < 2) return null;
  const boxes = strokes.map((stroke) => [range(stroke, 0), range(stroke, 1)]);
  const tallest = Math.max(...boxes.map(([, [top, bottom]]) => bottom - top));
  const tall = boxes.filter(([, [top, bottom]]) => bottom - top >= tallest / 3);
  const lieApart = [0, 1].some((axis) => widestGap(tall.map((box) => box[axis])) > tallest / 4);
  const [width, height] = [0, 1].map((axis) => {
    const [low, high] = range(strokes.flat(), axis);
    return high - low;
  });
  return lieApart || width > height * 1.5 ? tallest : null;
}

function widestGap(ranges) {
  let [widest, end] = [0, 1];
  for (const [low, high] of ranges.sort(([a], [b]) => a - b)) {
    widest = Math.max(widest, low - end);
    end = end === 1 ? high : Math.max(end, high);
  }
  return widest;
}

function range(points, axis) {
  return points.reduce(
    ([low, high], point) => [Math.min(low, point[axis]), Math.max(high, point[axis])], [1, 0]);
}
