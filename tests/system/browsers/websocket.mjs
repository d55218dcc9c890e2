// The WebSocket protocol (RFC 6455) as far as these tests need it: an echo server behind node:http, and a client for Firefox's
// remote agent. Text and binary messages, fragments joined, no extensions.
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const text = 1, binary = 2, close = 8, ping = 9, pong = 10;

export function acceptKey(key) {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

function frame(opcode, payload, masked) {
  const length = payload.length < 126 ? Buffer.from([payload.length])
    : payload.length < 65536 ? Buffer.from([126, payload.length >> 8, payload.length & 255])
      : Buffer.concat([Buffer.from([127]), bigEndian64(payload.length)]);
  if (!masked) return Buffer.concat([Buffer.from([0x80 | opcode]), length, payload]);
  const mask = randomBytes(4);
  length[0] |= 0x80;
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, mask, Buffer.from(payload.map((byte, i) => byte ^ mask[i & 3]))]);
}

function bigEndian64(number) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(number));
  return bytes;
}

// Calls `message(opcode, payload)` for each whole message in the bytes that `read(bytes)` is given.
function reader(message) {
  let bytes = Buffer.alloc(0);
  let parts = [];
  let kind = 0;
  return (more) => {
    bytes = Buffer.concat([bytes, more]);
    while (bytes.length >= 2) {
      const short = bytes[1] & 0x7f;
      const header = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (bytes[1] & 0x80 ? 4 : 0);
      if (bytes.length < header) return;
      const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
      if (bytes.length < header + length) return;
      const payload = Buffer.from(bytes.subarray(header, header + length));
      if (bytes[1] & 0x80) payload.forEach((byte, i) => { payload[i] = byte ^ bytes[header - 4 + (i & 3)]; });
      const opcode = bytes[0] & 15;
      const last = bytes[0] & 0x80;
      bytes = bytes.subarray(header + length);
      if (opcode >= close) {
        message(opcode, payload);
        continue;
      }
      if (opcode !== 0) kind = opcode;
      parts.push(payload);
      if (!last) continue;
      message(kind, Buffer.concat(parts));
      parts = [];
    }
  };
}

// For the 'upgrade' event of a node:http or node:https server.
export function serveEcho(request, socket) {
  socket.on('error', () => {});
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${acceptKey(request.headers['sec-websocket-key'])}\r\n\r\n`);
  socket.on('data', reader((opcode, payload) => {
    if (opcode === close) socket.end(frame(close, payload, false));
    else if (opcode === ping) socket.write(frame(pong, payload, false));
    else if (opcode === text || opcode === binary) socket.write(frame(opcode, payload, false));
  }));
}

// Connects to ws://127.0.0.1:PORT/PATH. `onText` is called with each text message.
export function openWebSocket(port, path, onText) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const read = reader((opcode, payload) => {
      if (opcode === text) onText(payload.toString('utf8'));
      if (opcode === ping) socket.write(frame(pong, payload, true));
    });
    let head = Buffer.alloc(0);
    let open = false;
    socket.on('error', reject);
    socket.on('data', (bytes) => {
      if (open) return read(bytes);
      head = Buffer.concat([head, bytes]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!head.toString('latin1').startsWith('HTTP/1.1 101')) return reject(new Error(head.toString('latin1')));
      open = true;
      resolve({ send: (message) => socket.write(frame(text, Buffer.from(message), true)), close: () => socket.destroy() });
      read(head.subarray(end + 4));
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`);
  });
}
