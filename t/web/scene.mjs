// SPDX-License-Identifier: MIT
//
// Something to look at on every page and in every dialog: requests of each
// dialect, refusals, a failure that another key mends, kept texts, limits in
// use, a vendor's quota, an alert that fires, a job, an account elsewhere.

import { ask, until } from "./api.mjs";
import { startOAuthServer } from "./oauth_server.mjs";

const text = "Which of our invoices of last month are still open? ".repeat(40);
const messages = [{ role: "user", content: text }];
const openai = (model, stream = true) =>
    ["/v1/chat/completions", { model, stream, messages }];
const anthropic = (model) =>
    ["/v1/messages", { model, stream: true, max_tokens: 512, messages }];
const gemini = (model) => [
    `/v1beta/models/${model}:streamGenerateContent?alt=sse`,
    { contents: [{ role: "user", parts: [{ text }] }] },
];

// Who has not chosen a password yet.
const newcomer = { admin_user: "newcomer",
    admin_password: "a password that was given" };

async function send(run, key, [path, body], fault) {
    const answer = await fetch(run.proxy_url + path, {
        method: "POST",
        headers: {
            authorization: `Bearer ${key}`,
            "anthropic-version": "2023-06-01",
            "content-type": "application/json",
            ...(fault && { "x-demo-fault": fault }),
        },
        body: JSON.stringify(body),
    });
    await answer.arrayBuffer().catch(() => "cut off, as asked");
}

// The demo's models at real prices.
async function configure(run, api) {
    const lists = { "demo-openai": "openai", "demo-anthropic": "anthropic",
        "demo-gemini": "google" };
    for (const { id, name } of (await api.read("/api/providers")).items) {
        if (!(name in lists)) continue;
        await api.change(`/api/providers/${id}`, { price_list: lists[name] });
    }
    const [clientKey] = (await api.read("/api/client-keys")).items;
    await api.change(`/api/client-keys/${clientKey.id}`, {
        requests_per_minute: 120, requests_per_day: 16, tokens_per_day: 200000,
        cost_per_month: "25", max_in_flight: 50, payload_log: { parts: "both" },
    });
    await api.change("/api/settings", { usage_page: true });
    await api.create("/api/users", { role: "viewer",
        username: newcomer.admin_user, password: newcomer.admin_password });
    await api.create("/api/oauth-clients",
        { name: "nightly-report", client_key_id: clientKey.id });
}

// A pool without a key that could serve, and who hears of it.
async function fireAlert(run, api) {
    const channel = await api.create("/api/alert-channels",
        { name: "on-call", kind: "webhook", url: `${run.demo_provider_url}/hook` });
    const [{ provider_id }] = (await api.read("/api/provider-keys/keys")).items;
    const key = await api.create("/api/provider-keys/keys", {
        name: "retired", provider_id, secret: "demo-key-retired",
        is_enabled: false,
    });
    await api.create("/api/client-keys",
        { name: "old-batch", provider_key_ids: [key.id] });
    await api.create("/api/alert-rules", { name: "pool-empty",
        kind: "pool_low", severity: "critical", channel_ids: [channel.id] });
    await until("the alert fires", async () =>
        (await api.read("/api/alerts?open=true")).items.length > 0, 60);
}

// A key whose provider tells what is left of its own limits.
async function tellQuota(run, api) {
    const { id } = (await api.read("/api/providers")).items
        .find(({ name }) => name === "demo-openai");
    const told = ["limit-requests:20000", "remaining-requests:5000",
        "reset-requests:5h30m", "limit-tokens:3000000",
        "remaining-tokens:210000", "reset-tokens:9h"];
    const key = await api.create("/api/provider-keys/keys", {
        name: "metered", provider_id: id,
        secret: "demo-key-metered?" +
            told.map((header) => `header=x-ratelimit-${header}`),
    });
    const { key: clientKey } = await api.create("/api/client-keys",
        { name: "metered", provider_key_ids: [key.id] });
    await send(run, clientKey, openai("gpt-5.6-luna"));
    await until("its quota is told", async () =>
        (await api.read(`/api/provider-keys/keys/${key.id}`))
            .vendor_quota.tokens !== null);
}

// The admin has an account at an OpenID provider, which is asked while it is
// linked, and then no more.
async function linkAccount(run, api) {
    const server = await startOAuthServer([`${run.admin_url}/oidc/callback`]);
    try {
        await server.person(
            { sub: "8f14e45f-ceea-467d-9c5b", groups: ["staff"] });
        await api.change("/api/settings/oidc", {
            is_enabled: true, name: "Our directory", issuer: server.url,
            client_id: "confidential", client_secret: "the-clients-secret",
            scopes: ["openid", "groups"], role_claim: "groups",
            roles: [{ value: "staff", role: "viewer" }],
        });
        await until("the provider is read", async () =>
            (await api.read("/api/settings/oidc")).is_ready);
        const link = "/api/auth/oidc/link";
        const { location } = await server.browse(
            (await api.create(link)).authorize_url);
        const { code, state } =
            Object.fromEntries(new URL(location).searchParams);
        await api.finish(`${link}/return`, { code, state });
    } finally {
        server.stop();
    }
}

async function makeRecords(run, key) {
    await send(run, key, openai("gpt-5.6-luna", false));
    await send(run, key, anthropic("claude-opus-5-5"));
    await send(run, key, gemini("gemini-3.1-pro-preview"));
    await send(run, key, openai("gpt-5.6-terra"), "cache_read=384");
    await send(run, "aip_unknown", openai("gpt-5.6-terra"));
    await send(run, key, anthropic("claude-haiku-4-5"));
    await send(run, key, openai("gpt-5.6-terra"), "status=400");
    await send(run, key, gemini("gemini-3.5-flash"));
    await send(run, key, openai("gpt-6.1-sol"),
        "status=429,retry_after=20,times=1");
    await send(run, key, anthropic("claude-opus-5-5"), "cut=900");
    await send(run, key, openai("gpt-5.6-luna"));
    await ask(run, key);
}

// Once on a gateway of scripts/run; what openings.mjs needs to know of it.
export async function setScene(run, api) {
    const key = run.demo_client_key;
    const rules = (await api.read("/api/alert-rules?limit=200")).items;
    if (rules.some(({ name }) => name === "pool-empty")) {
        return { key, newcomer };
    }
    await configure(run, api);
    await fireAlert(run, api);
    await tellQuota(run, api);
    await linkAccount(run, api);
    await makeRecords(run, key);
    await api.order("/api/logs/exports", { format: "csv" });
    await until("its records are stored", async () => {
        const { items } = await api.read("/api/logs/traces?model=gpt-6.1-sol" +
            "&running=false");
        return items.length === 1;
    });
    return { key, newcomer };
}
