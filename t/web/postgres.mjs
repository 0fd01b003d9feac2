// SPDX-License-Identifier: MIT
//
// A Postgres of a test's own, in a temporary folder, on a free port. As root
// it runs as the user postgres: it refuses to run as root.

import { execFile } from "node:child_process";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);
const installed = "/usr/lib/postgresql";

async function numberOf(option) {
    return Number((await execute("id", [option, "postgres"])).stdout);
}

// Its URL, and what stops it.
export async function startPostgres(port) {
    const [version] = (await readdir(installed)).sort().reverse();
    const dir = await mkdtemp(join(tmpdir(), "aiproxy-postgres-"));
    const asRoot = process.getuid() === 0;
    const as = asRoot
        ? { uid: await numberOf("-u"), gid: await numberOf("-g") } : {};
    if (asRoot) await chown(dir, as.uid, as.gid);
    const command = (name, ...options) =>
        execute(join(installed, version, "bin", name), options,
            { ...as, cwd: dir });
    const data = join(dir, "data");
    await command("initdb", "-D", data, "-U", "aiproxy", "-A", "trust",
        "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
    await command("pg_ctl", "-D", data, "-w", "-l", join(dir, "log"), "-o",
        `-p ${port} -k ${dir} -c listen_addresses=127.0.0.1 -c fsync=off`,
        "start");
    const stop = async () => {
        await command("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop");
        await rm(dir, { recursive: true, force: true });
    };
    return { url: `postgres://aiproxy@127.0.0.1:${port}/postgres`, stop };
}
