// Returns the size of a gray picture and its levels, 0..255, row by row.
async function readPicture(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const { width, height } = image;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  return levelsOf(canvas);
}

function levelsOf(canvas) {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const levels = new Float32Array(width * height);
  for (let i = 0; i < levels.length; i++) levels[i] = data[4 * i];
  return { width, height, levels };
}
