// SPDX-License-Identifier: MIT
//
// usage: node api.mjs URL USER PASSWORD SECONDS [SEED]
//
// Calls the management API at URL with requests made from openapi.json: right
// ones, and right ones with something wrong in them. No answer is a 500, and
// each is as the document describes it. The first that is not is made small,
// printed, and ends the run with 1.

import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { createGeneratorSync } from "json-schema-faker";

const [url, username, password, seconds, seed = Date.now() % 1e9] =
    process.argv.slice(2);
// What nginx says for a console, as the daemon's own port wants it.
const fromConsole = { "x-aiproxy-console": "1" };
const document = await (await fetch(`${url}/api/openapi.json`,
    { headers: fromConsole })).json();

// --- The document

function find(pointer) {
    return pointer.slice(2).split("/").reduce((at, name) =>
        at[name.replaceAll("~1", "/").replaceAll("~0", "~")], document);
}
const resolved = (object) => (object.$ref ? find(object.$ref) : object);

// Schemas that stand alone, for the faker: references become definitions.
const definitions = JSON.parse(JSON.stringify(document.components.schemas)
    .replaceAll("#/components/schemas/", "#/$defs/"));
const alone = (schema) => ({
    ...JSON.parse(JSON.stringify(schema)
        .replaceAll("#/components/schemas/", "#/$defs/")),
    $defs: definitions,
});

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    ["get", "post", "put", "patch", "delete"].filter((name) => item[name])
        .map((name) => {
            const operation = item[name];
            const body = operation.requestBody &&
                Object.entries(operation.requestBody.content)[0];
            return {
                path, method: name.toUpperCase(), operation,
                parameters: [...(item.parameters ?? []),
                    ...(operation.parameters ?? [])].map(resolved),
                type: body?.[0],
                schema: body && alone(body[1].schema),
            };
        }))
    // What would end our own session.
    .filter(({ path }) => !/^\/api\/auth\/(logout|password|refresh)$/.test(path));

const ajv = new Ajv({ strict: false, allErrors: false });
addFormats(ajv);
for (const name of ["binary", "int64"]) ajv.addFormat(name, true);
ajv.addSchema(document, "api");
const validators = new Map();
function complaintAbout(path, method, status, type, text) {
    const operation = document.paths[path][method.toLowerCase()];
    const given = operation.responses[status];
    if (!given) return status === 405 ? null : "the status is not described";
    const content = resolved(given).content;
    if (!content) return text === "" ? null : "there is a body";
    if (!content["application/json"]) return null;
    if (!type?.startsWith("application/json")) return `it is ${type}`;
    const key = JSON.stringify(content["application/json"].schema);
    if (!validators.has(key)) {
        validators.set(key, ajv.compile(JSON.parse(
            key.replaceAll('"#/', '"api#/'))));
    }
    const valid = validators.get(key);
    let value;
    try { value = JSON.parse(text); } catch { return "it is no JSON"; }
    return valid(value) ? null : ajv.errorsText(valid.errors);
}

// --- Requests

// Ids that exist, so that some calls find something. Never the user we are.
const ids = new Map();
function remember(path, text) {
    let value;
    try { value = JSON.parse(text); } catch { return; }
    const list = (value.items ?? [value]).map((row) => row?.id)
        .filter((id) => id !== undefined);
    const collection = path.replace(/\/\{id\}.*/, "");
    const before = ids.get(collection) ?? [];
    const mine = collection === "/api/users" ? [me.id] : [];
    ids.set(collection, [...new Set([...before, ...list])].slice(-200)
        .filter((id) => !mine.includes(id)));
}

const odd = fc.oneof(
    fc.constantFrom("", "\u0000", "a\u0000b", "\ud800", "'; DROP TABLE users;--",
        "<script>alert(1)</script>", "../../etc/passwd", "%00", "NaN", "-1",
        "9223372036854775808", "x".repeat(5000), "\u202e", "0"),
    fc.string(), fc.string({ unit: "binary" }), fc.integer(), fc.double(),
    fc.constantFrom(null, true, false, 0, -1, 1e308, 2 ** 63, [], {}),
    fc.jsonValue());

// A change at some place of a value, chosen by numbers.
function changed(value, path, what) {
    if (path.length === 0 || value === null || typeof value !== "object") {
        return what;
    }
    const names = Object.keys(value);
    if (names.length === 0) return what;
    const [first, ...rest] = path;
    const name = names[first % names.length];
    const copy = Array.isArray(value) ? [...value] : { ...value };
    if (rest.length === 0 && what === undefined) delete copy[name];
    else copy[name] = changed(value[name], rest, what);
    return copy;
}

// Which collection a field's ids are of.
const namesakes = {
    provider: "/api/providers", provider_key: "/api/provider-keys/keys",
    client_key: "/api/client-keys", user: "/api/users",
};

// The ids of a made value, replaced by such as exist.
function known(value, salt) {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((one) => known(one, salt));
    return Object.fromEntries(Object.entries(value).map(([name, one], n) => {
        const of = ids.get(namesakes[/^(?:allowed_)?(.+)_ids?$/.exec(name)?.[1]]);
        const pick = (i) => of[(salt + i) % of.length];
        if (!of?.length || one === null) return [name, known(one, salt)];
        return [name, Array.isArray(one)
            ? [...new Set(one.map((_, i) => pick(i)))] : pick(n)];
    }));
}

function made(schema, salt) {
    return known(createGeneratorSync({
        seed: salt, alwaysFakeOptionals: false, optionalsProbability: 0.5,
        maxItems: 4, maxLength: 80,
    }).generate(schema), salt);
}

const request = fc.record({
    operation: fc.constantFrom(...operations),
    salt: fc.nat(),
    id: fc.oneof({ weight: 4, arbitrary: fc.nat(199) }, {
        weight: 1, arbitrary: fc.constantFrom("0", "-1", "99999999", "abc",
            "1e3", "9223372036854775808", "%00", "1;", "%ff") }),
    // The body, and how it is spoilt: not at all, at a place, in its text.
    spoil: fc.option(fc.record({
        path: fc.array(fc.nat(31), { minLength: 1, maxLength: 3 }),
        what: fc.oneof(odd, fc.constant(undefined)),
    }), { freq: 2 }),
    text: fc.option(fc.record({
        at: fc.nat(), cut: fc.nat(8), insert: fc.string({ unit: "binary", maxLength: 6 }),
    }), { freq: 8 }),
    query: fc.array(fc.record({
        which: fc.nat(15), value: fc.option(odd, { freq: 2 }),
    }), { maxLength: 3 }),
    match: fc.option(fc.constantFrom("*", '"1"', '"x"', "W/\"1\"", "nonsense")),
});

let token;
let me = { id: 0 };
const asUs = () => ({ ...fromConsole, authorization: `Bearer ${token}` });
async function signIn() {
    const answer = await fetch(`${url}/api/auth/login`, {
        method: "POST",
        headers: { ...fromConsole, "content-type": "application/json" },
        body: JSON.stringify({ username, password }),
    });
    if (answer.status !== 200) {
        throw new Error(`cannot sign in: ${answer.status} ${await answer.text()}`);
    }
    token = (await answer.json()).access_token;
    me = await (await fetch(`${url}/api/auth/me`,
        { headers: asUs() })).json();
}

function written({ operation, salt, id, spoil, text, query, match }) {
    const there = ids.get(operation.path.replace(/\/\{id\}.*/, "")) ?? [];
    const chosen = typeof id === "number"
        ? (there.length ? String(there[id % there.length]) : "1") : id;
    const path = operation.path.replace(/\{\w+\}/g, chosen);
    // Not the user we are.
    if (operation.path.startsWith("/api/users/{") && chosen === String(me.id)) {
        return null;
    }
    const parameters = operation.parameters.filter((one) => one.in === "query");
    const search = query.filter(() => parameters.length > 0)
        .map(({ which, value }, n) => {
            const { name, schema } = parameters[which % parameters.length];
            const wanted = value ?? made(alone(schema), salt + n);
            return `${name}=${encodeURIComponent(
                String(wanted).toWellFormed?.() ?? wanted)}`;
        }).join("&");
    const headers = { ...asUs(), origin: url };
    if (match) headers["if-match"] = match;
    let body;
    if (operation.schema) {
        headers["content-type"] = operation.type;
        let value = made(operation.schema, salt);
        if (spoil) value = changed(value, spoil.path, spoil.what);
        body = operation.type === "application/x-www-form-urlencoded"
            ? new URLSearchParams(Object.entries(value ?? {})
                .map(([name, one]) => [name, String(one)])).toString()
            : JSON.stringify(value) ?? "";
        if (text) {
            const at = text.at % (body.length + 1);
            body = body.slice(0, at) + text.insert + body.slice(at + text.cut);
        }
    }
    return { method: operation.method, address: path + (search && `?${search}`),
        headers, body };
}

// --- The run

const seen = {};
async function check(plan) {
    const call = written(plan);
    if (!call) return;
    let answer;
    let text;
    try {
        answer = await fetch(url + call.address, { method: call.method,
            headers: call.headers, body: call.body, redirect: "manual" });
        text = await answer.text();
    } catch (error) {
        throw new Error(`no answer: ${error.cause ?? error}`);
    }
    if (answer.status === 401 && plan.operation.operation.security === undefined) {
        await signIn();
    }
    const key = `${answer.status}`;
    seen[key] = (seen[key] ?? 0) + 1;
    if (answer.status < 300) remember(plan.operation.path, text);
    const wrong = answer.status >= 500 && answer.status !== 503
        ? "an error of ours" : complaintAbout(plan.operation.path, call.method,
            answer.status, answer.headers.get("content-type"), text);
    if (wrong) {
        throw new Error(`${call.method} ${call.address} ${call.body ?? ""}\n` +
            `-> ${answer.status} ${text.slice(0, 2000)}\n${wrong}`);
    }
}

await signIn();
for (const { path, method } of operations) {
    if (method !== "GET" || path.includes("{")) continue;
    const answer = await fetch(url + path,
        { headers: asUs() });
    remember(path, await answer.text());
}
const result = await fc.check(fc.asyncProperty(request, check), {
    seed: Number(seed), numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: Number(seconds) * 1000,
    markInterruptAsFailure: false,
});
console.log(`# seed ${seed}, ${result.numRuns} requests, answers: ` +
    Object.entries(seen).map(([status, n]) => `${status} ${n}`).join(", "));
if (result.failed) {
    console.log(`# ${result.errorInstance?.message ?? result.error}`
        .replaceAll("\n", "\n# "));
    process.exit(1);
}
