// SPDX-License-Identifier: MIT
//
// What a page of the console costs its reader, as the browser itself saw it:
// script that was sent, how much of the page moved, when it could be used.

// To be called before the page is opened.
export async function watchShifts(page) {
    await page.addInitScript(() => {
        window.shifts = [];
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
    const began = Date.now();
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() =>
        document.querySelector("[role=status]") === null);
    const usable = Date.now() - began;
    await page.waitForLoadState("networkidle");
    return { usable, ...await page.evaluate(() => ({
        bytes: performance.getEntriesByType("resource")
            .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
            .reduce((sum, entry) => sum + entry.encodedBodySize, 0),
        shift: window.shifts.reduce((sum, { value }) => sum + value, 0),
        moved: window.shifts,
    })) };
}
