// SPDX-License-Identifier: MIT
//
// Where Mantine keeps the colour scheme: under the name that public/theme.js
// reads before the application starts.

import { localStorageColorSchemeManager } from '@mantine/core';

export const colorSchemeManager = localStorageColorSchemeManager({ key: 'aiproxy.color-scheme' });
