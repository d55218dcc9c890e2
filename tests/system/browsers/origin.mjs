// The web servers behind the agent: every name of hosts.mjs leads to them. An allowed page with all that a page may need, and
// for blocked names a page that must never be seen. Ports 80 and 443 of a network of their own.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { serveEcho } from './websocket.mjs';

export const secret = 'If you can read this, nothing was stopped.';
export const uploadBytes = 64 * 1024 * 1024;

// One period of what the page uploads; a prime length, so that no buffer size divides it.
const period = Buffer.from(Array.from({ length: 65521 }, (_, i) => (i * 31 + 7) & 255));
export const uploadHash = (() => {
  const hash = createHash('sha256');
  for (let left = uploadBytes; left > 0; left -= period.length) hash.update(period.subarray(0, Math.min(left, period.length)));
  return hash.digest('hex');
})();

const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGNkYPjPwMDAxMDAwMDAAAANBwEDwnWcuQAAAABJRU5ErkJggg==', 'base64');
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40" fill="#2a6"/></svg>';

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Course notes</title><link rel="stylesheet" href="/style.css">
</head><body><h1>Course notes</h1><img id="drawing" src="/drawing.svg" alt="drawing"><p id="fetched"></p>
<script src="/script.js"></script></body></html>`;

const script = `
window.loaded = fetch('/data.json').then((answer) => answer.json()).then((data) => {
  document.getElementById('fetched').textContent = data.said;
});
window.upload = async () => {
  const bytes = new Uint8Array(${uploadBytes});
  for (let i = 0; i < ${period.length}; ++i) bytes[i] = (i * 31 + 7) & 255;
  for (let done = ${period.length}; done < bytes.length; done *= 2) bytes.copyWithin(done, 0, Math.min(done, bytes.length - done));
  const answer = await fetch('/upload', {method: 'POST', body: new Blob([bytes])});
  return answer.text();
};
window.download = async () => (await (await fetch('/large')).arrayBuffer()).byteLength;
window.part = async () => {
  const answer = await fetch('/large', {headers: {Range: 'bytes=10-19'}});
  return answer.status + ' ' + (await answer.arrayBuffer()).byteLength;
};
window.echo = (said) => new Promise((resolve, reject) => {
  const socket = new WebSocket((location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + '/echo');
  socket.onopen = () => socket.send(said);
  socket.onmessage = (event) => { resolve(event.data); socket.close(); };
  socket.onerror = () => reject(new Error('the WebSocket failed'));
});
window.picture = (url) => new Promise((resolve) => {
  const image = new Image();
  image.onload = image.onerror = () => resolve(image.naturalWidth);
  image.src = url;
});
`;

const large = Buffer.alloc(16 * 1024 * 1024, 'x');

function answer(request, response, served) {
  served.push(`${request.method} ${request.headers.host}${request.url}`);
  const send = (type, body) => response.writeHead(200, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }).end(body);
  if (request.method === 'POST' && request.url === '/upload') {
    const hash = createHash('sha256');
    request.on('data', (bytes) => hash.update(bytes)).on('end', () => send('text/plain', hash.digest('hex')));
    return;
  }
  if (!request.headers.host.endsWith('allowed.example')) return send('text/html', `<title>Open</title><p>${secret}</p>`);
  switch (request.url) {
    case '/': return send('text/html', page);
    case '/style.css': return send('text/css', 'body { font-family: sans-serif; background: #eef; }');
    case '/script.js': return send('text/javascript', script);
    case '/data.json': return send('application/json', '{"said": "fetched"}');
    case '/drawing.svg': return send('image/svg+xml', svg);
    case '/favicon.ico': return send('image/png', picture);
    case '/large':
      if (request.headers.range === 'bytes=10-19') {
        response.writeHead(206, { 'Content-Range': `bytes 10-19/${large.length}`, 'Content-Length': 10 }).end(large.subarray(10, 20));
        return;
      }
      response.writeHead(200, { 'Content-Type': 'application/octet-stream' });  // chunked
      response.end(large);
      return;
    default: response.writeHead(404, { 'Content-Length': 0 }).end();
  }
}

// Returns the requests that arrived, as they come.
export async function startOrigins(folder) {
  const served = [];
  const secure = createSecure({ key: readFileSync(`${folder}/origin.key`), cert: readFileSync(`${folder}/origin.crt`) });
  for (const [server, port] of [[createPlain(), 80], [secure, 443]]) {
    server.on('request', (request, response) => answer(request, response, served)).on('upgrade', serveEcho);
    await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
    server.unref();
  }
  return served;
}
