// SPDX-License-Identifier: MIT
//
// Plays an authorization server that does not always do what it should:
// oauth2-mock-server, whose next answers of the token endpoint a test sets.
// Started by AIProxy::OAuthServer: oauth_faults.mjs PORT. For tests, on PORT+1:
//
//   POST /test/faults   a list of answers to come: {status, body, drop}
//   POST /test/claims   what ID tokens say from then on in place of the truth;
//                       null: nothing of that name
//   GET  /test/requests what came to the token endpoint, oldest first

import { createServer } from 'node:http';
import { OAuth2Server } from 'oauth2-mock-server';

const port = Number(process.argv[2]);
const server = new OAuth2Server();
const requests = [];
let faults = [];
let claims = {};

await server.issuer.keys.generate('RS256');
server.service.on('beforeResponse', (reply, request) => {
	requests.push({ body: request.body, authorization: request.headers.authorization });
	const fault = faults.shift();
	if (!fault) return;
	if (fault.drop) request.socket.destroy();
	if (fault.status) reply.statusCode = fault.status;
	if (fault.body !== undefined) reply.body = fault.body;
});
server.service.on('beforeTokenSigning', (token) => {
	if (token.payload.nonce === undefined) return;
	for (const [name, value] of Object.entries(claims)) {
		if (value === null) delete token.payload[name];
		else token.payload[name] = value;
	}
});
await server.start(port, '127.0.0.1');

function read(request) {
	return new Promise((done) => {
		let text = '';
		request.on('data', (bytes) => { text += bytes; });
		request.on('end', () => done(text));
	});
}

createServer(async (request, response) => {
	const text = await read(request);
	if (request.method === 'POST' && request.url === '/test/claims') {
		claims = JSON.parse(text);
	} else if (request.method === 'POST') {
		faults = JSON.parse(text);
	}
	response.writeHead(200, { 'content-type': 'application/json' })
		.end(JSON.stringify(requests));
}).listen(port + 1, '127.0.0.1', () => console.log(`listening on 127.0.0.1:${port}`));
