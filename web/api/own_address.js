(...codes) => {
  const { address } = document.querySelector("#heading [data-address]").dataset;
  return codes.map((code) => code.replaceAll("ADDRESS", address));
}
