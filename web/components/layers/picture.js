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
  return { width, height, levels: Float32Array.from({ length: width * height }, (_, i) => data[4 * i]) };
}
