// What a function runtime in JavaScript does: a connection that is kept, the event sent back as the reply.
'use strict';
const http = require('http');

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const base = '/2018-06-01/runtime/invocation/';

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body ? { 'Content-Length': body.length } : {};
    const request = http.request({ host, port, agent, method, path: base + path, headers }, (reply) => {
      const parts = [];
      reply.on('data', (part) => parts.push(part));
      reply.on('end', () => resolve({ headers: reply.headers, body: Buffer.concat(parts) }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

(async () => {
  for (;;) {
    const event = await ask('GET', 'next');
    await ask('POST', event.headers['lambda-runtime-aws-request-id'] + '/response', event.body);
  }
})();
