// SPDX-License-Identifier: MIT
//
// Starts the console: texts first, then the page.

import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './app/global.css';

import { createRoot } from 'react-dom/client';
import { Console } from './app/console';
import { startTexts } from './app/i18n';

await startTexts();

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<Console />);
