// SPDX-License-Identifier: MIT
//
// Plays a provider's authorization server: oidc-provider with rotating refresh
// tokens, and a person who signs in and says yes to everything. Started by
// AIProxy::OAuthServer: oauth_server.mjs PORT JSON. Beside the server's own
// paths, for tests:
//
//   GET  /test/browser?url=   opens it as a browser would, with cookies, and
//                             sends every form; where it ended
//   GET  /test/stats          how often tokens were given and refused
//   GET  /test/tokens         those that were given
//   POST /test/reuse          uses the last refresh token but one once more
//   POST /test/person         who signs in from then on: claims, sub among them

import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [port, options] = [Number(process.argv[2]), JSON.parse(process.argv[3] || '{}')];
const issuer = `http://127.0.0.1:${port}`;
const life = options.access_s ?? 3600;
let person = { sub: 'somebody' };
const common = {
	redirect_uris: options.redirect_uris ?? ['http://127.0.0.1:1/callback'],
	response_types: ['code'],
	grant_types: ['authorization_code', 'refresh_token',
		'urn:ietf:params:oauth:grant-type:device_code'],
};

const provider = new Provider(issuer, {
	clients: [
		{ client_id: 'public', token_endpoint_auth_method: 'none', ...common },
		{ client_id: 'confidential', client_secret: 'the-clients-secret',
			token_endpoint_auth_method: 'client_secret_basic', ...common },
		{ client_id: 'machine', client_secret: 'the-machines-secret',
			token_endpoint_auth_method: 'client_secret_post',
			redirect_uris: [], response_types: [],
			grant_types: ['client_credentials'] },
	],
	cookies: { keys: ['a test'] },
	claims: { openid: ['sub'], profile: ['preferred_username', 'name'],
		email: ['email', 'email_verified'], groups: ['groups', 'realm'] },
	conformIdTokenClaims: false,
	features: {
		devInteractions: { enabled: false },
		deviceFlow: { enabled: true },
		clientCredentials: { enabled: true },
	},
	findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ ...person, sub: id }) }),
	interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
	issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token'),
	pkce: { required: () => true },
	rotateRefreshToken: true,
	scopes: ['openid', 'api', 'groups'],
	ttl: { AccessToken: life, ClientCredentials: life, RefreshToken: 3600,
		DeviceCode: options.device_s ?? 600, Grant: 3600, Session: 3600,
		Interaction: 600, AuthorizationCode: 60, IdToken: 3600 },
});

// --- what was given

const stats = { given: {}, refused: {}, at_once: 0, most_at_once: 0 };
const refreshTokens = [];
const tokens = [];

provider.use(async (ctx, next) => {
	if (ctx.path !== '/token') return next();
	stats.at_once += 1;
	stats.most_at_once = Math.max(stats.most_at_once, stats.at_once);
	await new Promise((go) => setTimeout(go, options.token_ms ?? 0));
	await next();
	stats.at_once -= 1;
	const grant = ctx.oidc?.params?.grant_type?.replace(/.*:/, '') ?? 'none';
	const kind = ctx.status === 200 ? 'given' : 'refused';
	stats[kind][grant] = (stats[kind][grant] ?? 0) + 1;
	tokens.push(...[ctx.body?.access_token, ctx.body?.refresh_token,
		ctx.body?.id_token].filter((token) => token));
	if (ctx.body?.refresh_token) {
		refreshTokens.push([ctx.oidc.client.clientId, ctx.body.refresh_token]);
	}
});

// --- a person: somebody, who agrees

async function interact(request, response) {
	const details = await provider.interactionDetails(request, response);
	if (details.prompt.name === 'login') {
		return provider.interactionFinished(request, response,
			{ login: { accountId: person.sub } }, { mergeWithLastSubmission: false });
	}
	const grant = new provider.Grant({ accountId: details.session.accountId,
		clientId: details.params.client_id });
	grant.addOIDCScope('openid profile email groups');
	return provider.interactionFinished(request, response,
		{ consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

// --- and a browser

function cookiesOf(jar, reply) {
	for (const line of reply.headers.getSetCookie()) {
		const [pair] = line.split(';');
		const at = pair.indexOf('=');
		if (at > 0) jar.set(pair.slice(0, at), pair.slice(at + 1));
	}
}

function formOf(html, at) {
	const action = /<form[^>]*action="([^"]*)"/.exec(html);
	if (!action) return undefined;
	const fields = new URLSearchParams();
	for (const [input] of html.matchAll(/<input[^>]*>/g)) {
		const name = /name="([^"]*)"/.exec(input);
		const value = /value="([^"]*)"/.exec(input);
		if (name) fields.set(name[1], value ? value[1] : '');
	}
	fields.set('confirm', 'yes');
	fields.delete('abort');
	return { url: new URL(action[1], at).href, fields };
}

async function browse(start) {
	const jar = new Map();
	let step = { url: start };
	for (let i = 0; i < 30; i += 1) {
		const reply = await fetch(step.url, { redirect: 'manual',
			method: step.fields ? 'POST' : 'GET', body: step.fields,
			headers: { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; ') } });
		cookiesOf(jar, reply);
		const to = reply.headers.get('location');
		const html = await reply.text();
		if (to) {
			const next = new URL(to, step.url).href;
			if (!next.startsWith(issuer)) return { location: next };
			step = { url: next };
			continue;
		}
		const form = reply.status === 200 ? formOf(html, step.url) : undefined;
		if (!form) return { status: reply.status, url: step.url, html };
		step = form;
	}
	return { status: 0, url: step.url, html: 'no end' };
}

async function reuse() {
	const [client, token] = refreshTokens.at(-2);
	const reply = await fetch(`${issuer}/token`, { method: 'POST',
		body: new URLSearchParams({ grant_type: 'refresh_token', client_id: client,
			refresh_token: token }) });
	return { status: reply.status, ...await reply.json() };
}

// --- both

async function setPerson(request) {
	let text = '';
	for await (const bytes of request) text += bytes;
	person = JSON.parse(text);
	return person;
}

const serve = provider.callback();
createServer(async (request, response) => {
	const url = new URL(request.url, issuer);
	const tests = { '/test/browser': () => browse(url.searchParams.get('url')),
		'/test/stats': () => stats, '/test/tokens': () => tokens, '/test/reuse': reuse,
		'/test/person': () => setPerson(request) };
	try {
		if (url.pathname.startsWith('/interaction/')) {
			await interact(request, response);
		} else if (tests[url.pathname]) {
			const body = JSON.stringify(await tests[url.pathname]());
			response.writeHead(200, { 'content-type': 'application/json' }).end(body);
		} else {
			await serve(request, response);
		}
	} catch (error) {
		console.error(error);
		if (!response.headersSent) response.writeHead(500);
		response.end(String(error));
	}
}).listen(port, '127.0.0.1', () => console.log(`listening on 127.0.0.1:${port}`));
