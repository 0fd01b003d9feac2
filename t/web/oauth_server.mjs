// SPDX-License-Identifier: MIT
//
// Starts the authorization server that plays a provider's, with the person who
// signs in there (t/lib/oauth_server.mjs).

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePort } from "./gateway.mjs";

const program = fileURLToPath(
    new URL("../lib/oauth_server.mjs", import.meta.url));

// Its address; `person` says who signs in from then on, `browse` where a
// browser ends that opens a URL, and `stop` stops it.
export async function startOAuthServer(redirect_uris) {
    const port = await freePort();
    const server = spawn(process.execPath,
        [program, port, JSON.stringify({ redirect_uris })],
        { stdio: ["ignore", "pipe", "inherit"] });
    await once(server.stdout, "data");
    const url = `http://127.0.0.1:${port}`;
    return {
        url,
        person: (claims) => fetch(`${url}/test/person`,
            { method: "POST", body: JSON.stringify(claims) }),
        browse: async (there) => {
            const answer = await fetch(
                `${url}/test/browser?url=${encodeURIComponent(there)}`);
            return answer.json();
        },
        stop: () => server.kill(),
    };
}
