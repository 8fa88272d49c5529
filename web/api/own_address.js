(...codes) => {
  const own = (location.origin + location.pathname).replace(/\/$/, "");
  return codes.map((code) => code.replaceAll("ADDRESS", own));
}
