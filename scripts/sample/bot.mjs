// A few calls to KuCoin, to try what the extension says about them. Nothing here is sent until you run it.
const base = process.env.KUCOIN_BASE_URL ?? 'https://api.kucoin.com';

async function get(path) {
  const response = await fetch(base + path);
  const { code, data, msg } = await response.json();
  if (code !== '200000') throw new Error(`${code}: ${msg}`);
  return data;
}

const time = await get('/api/v1/timestamp');
const currencies = await get('/api/v3/currencies');
console.log(`${currencies.length} currencies at ${new Date(time).toISOString()}`);
