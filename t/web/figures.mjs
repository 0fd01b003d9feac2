// SPDX-License-Identifier: MIT
//
// What a page of the console costs its reader, as the browser itself saw it:
// script that was sent, how much of the page moved, when it could be used.

// To be called before the page is opened.
export async function watch(page) {
    await page.addInitScript(() => {
        window.shifts = [];
        // Since when it stands with its data.
        const look = () => {
            const stands = document.querySelector("h1") !== null &&
                document.querySelector("[role=status]") === null;
            window.usable = stands ? window.usable ?? performance.now() : null;
            requestAnimationFrame(look);
        };
        look();
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
                if (entry.hadRecentInput) continue;
                window.shifts.push({
                    value: entry.value,
                    what: entry.sources.map(({ node }) =>
                        node?.className || node?.nodeName),
                });
            }
        }).observe({ type: "layout-shift", buffered: true });
    });
}

// bytes: of script, compressed, since the page was opened; shift: the sum of
// all that moved; usable: milliseconds until the page stood with its data.
export async function figuresOf(page, address) {
    await page.goto(address);
    await page.waitForFunction(() => window.usable !== null);
    await page.waitForLoadState("networkidle");
    return page.evaluate(() => ({
        usable: Math.round(window.usable),
        bytes: performance.getEntriesByType("resource")
            .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
            .reduce((sum, entry) => sum + entry.encodedBodySize, 0),
        shift: window.shifts.reduce((sum, { value }) => sum + value, 0),
        moved: window.shifts,
    }));
}
