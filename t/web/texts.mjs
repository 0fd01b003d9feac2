// SPDX-License-Identifier: MIT
//
// The console's texts in a language, by key: what a test presses is found in
// either. What a text says is not judged by it.

import { readdir, readFile } from "node:fs/promises";

const folder = new URL("../../web/src/locales/", import.meta.url);

async function read(language) {
    const all = {};
    for (const name of await readdir(new URL(`${language}/`, folder))) {
        if (!name.endsWith(".json")) continue;
        Object.assign(all, JSON.parse(
            await readFile(new URL(`${language}/${name}`, folder), "utf8")));
    }
    return all;
}

// What is said for a key such as "logs.title", with values in their places.
export async function textsOf(language) {
    const all = await read(language);
    return (key, values = {}) => {
        const text = key.split(".").reduce((at, part) => at?.[part], all);
        if (typeof text !== "string") throw new Error(`no text for ${key}`);
        return text.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
    };
}

function flatten(texts, prefix = "") {
    return Object.entries(texts).flatMap(([name, value]) =>
        typeof value === "string" ? [prefix + name.replace(/_(one|other)$/, "")]
            : flatten(value, `${prefix}${name}.`));
}

const keys = new Set(flatten(await read("en")));

// The keys that stand in what is shown, where a text ought to.
export function keysIn(shown) {
    return shown.match(/\b[a-z]\w*(?:\.\w+)+\b/gi)
        ?.filter((word) => keys.has(word)) ?? [];
}
