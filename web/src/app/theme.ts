// SPDX-License-Identifier: MIT
//
// The design tokens: every colour, size and font of the console. Style sheets
// read them as --ap-* and --mantine-*; no other file holds a colour.
//
// Calm and dense: cool grey paper, hairlines in place of shadows, one accent
// (petrol) for what can be acted on, colour else only for a state.

import {
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type MantineThemeComponents,
  createTheme,
} from '@mantine/core';

const petrol: MantineColorsTuple = [
  '#eaf4f6', '#d3e6eb', '#a6cdd7', '#75b2c2', '#4d9bb0',
  '#2c869e', '#0f6b83', '#0c5a6f', '#0a4b5d', '#073a48',
];
// White stands on the seventh, and the fourth on what is dark.
const red: MantineColorsTuple = [
  '#fdf1ef', '#fae6e3', '#f4c5bf', '#f0897e', '#dd6a5e',
  '#c74b3f', '#b3362b', '#972c22', '#7c241b', '#621c15',
];
const gray: MantineColorsTuple = [
  '#f7f9f9', '#f0f3f3', '#e4e9ea', '#d5dcdd', '#bcc6c8',
  '#95a2a5', '#66747a', '#4a575c', '#2f3a3e', '#182023',
];
const dark: MantineColorsTuple = [
  '#e3e9ea', '#b6c2c5', '#94a2a6', '#6b797d', '#2e3a3e',
  '#253034', '#1b2427', '#141b1d', '#0f1517', '#0b1011',
];

const sans =
  "'Plex', system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
const mono =
  "'Plex Mono', ui-monospace, 'SF Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace";

const choice = { label: { fontSize: '13px' }, description: { fontSize: '12px' } };

// By name: to import a component here would load it before the first page.
const components: MantineThemeComponents = {
  ActionIcon: {
    defaultProps: { variant: 'subtle', color: 'gray' },
    styles: { root: { '--ai-color': 'var(--mantine-color-dimmed)' } },
  },
  Accordion: {
    styles: {
      item: { background: 'none' },
      control: { minHeight: 38, paddingInline: 10 },
      label: { paddingBlock: 8, fontSize: '13px' },
      chevron: { marginInlineEnd: 8 },
    },
  },
  Button: { defaultProps: { size: 'xs' } },
  Checkbox: { defaultProps: { size: 'xs' }, styles: choice },
  Switch: { defaultProps: { size: 'xs', withThumbIndicator: false }, styles: choice },
  TextInput: { defaultProps: { size: 'sm' } },
  PasswordInput: { defaultProps: { size: 'sm' } },
  NumberInput: { defaultProps: { size: 'sm' } },
  Select: { defaultProps: { size: 'sm' } },
  // What it would focus first is no item of a menu; axe finds that serious.
  Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
  Tooltip: { defaultProps: { openDelay: 300, withArrow: false } },
  Modal: {
    defaultProps: { radius: 'lg', overlayProps: { backgroundOpacity: 0.4 }, transitionProps: { duration: 120 } },
    styles: {
      content: { background: 'var(--ap-surface)' },
      header: { background: 'var(--ap-surface)' },
      title: { fontWeight: 600 },
    },
  },
  Drawer: {
    defaultProps: { overlayProps: { backgroundOpacity: 0.25 }, transitionProps: { duration: 140 } },
  },
};

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: 6,
  colors: { petrol, red, gray, dark },
  white: '#ffffff',
  black: '#182023',
  fontFamily: sans,
  fontFamilyMonospace: mono,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.3' },
  spacing: { xs: '6px', sm: '10px', md: '14px', lg: '20px', xl: '28px' },
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  defaultRadius: 'sm',
  headings: { fontFamily: sans, fontWeight: '600' },
  cursorType: 'pointer',
  autoContrast: false,
  respectReducedMotion: true,
  components,
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    '--ap-sidebar-width': '212px',
    '--ap-row-height': '38px',
    '--ap-page-width': '1440px',
  },
  light: {
    '--mantine-color-body': gray[0],
    '--mantine-color-text': gray[9],
    '--mantine-color-dimmed': '#56646a',
    '--mantine-color-default-border': gray[3],
    '--mantine-color-placeholder': '#66747a',
    '--mantine-color-error': '#b3362b',
    '--ap-surface': '#ffffff',
    '--ap-raised': '#ffffff',
    '--ap-sunken': gray[1],
    '--ap-sidebar': gray[1],
    '--ap-line': gray[2],
    '--ap-line-strong': gray[3],
    '--ap-hover': '#f3f7f8',
    '--ap-accent': petrol[6],
    '--ap-accent-tint': petrol[1],
    '--ap-ok': '#236b43',
    '--ap-warn': '#855400',
    '--ap-bad': '#b3362b',
    '--ap-idle': '#56646a',
    '--ap-ok-tint': '#e2f2e8',
    '--ap-warn-tint': '#fbeed6',
    '--ap-bad-tint': '#fae6e3',
    '--ap-idle-tint': gray[2],
    '--ap-series-1': petrol[6],
    '--ap-series-2': petrol[3],
    '--ap-series-3': '#c98a2b',
    '--ap-series-4': '#7a6bb0',
    '--ap-series-5': '#b9aee0',
  },
  dark: {
    '--mantine-color-body': dark[8],
    '--mantine-color-text': dark[0],
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-default': dark[6],
    '--mantine-color-default-border': dark[4],
    '--mantine-color-placeholder': '#819095',
    '--mantine-color-error': '#f0897e',
    '--mantine-color-anchor': petrol[3],
    '--ap-surface': dark[7],
    '--ap-raised': dark[6],
    '--ap-sunken': '#111819',
    '--ap-sidebar': dark[9],
    '--ap-line': dark[5],
    '--ap-line-strong': dark[4],
    '--ap-hover': '#192224',
    '--ap-accent': petrol[3],
    '--ap-accent-tint': '#12333c',
    '--ap-ok': '#6cc494',
    '--ap-warn': '#e0b05c',
    '--ap-bad': '#f0897e',
    '--ap-idle': dark[2],
    '--ap-ok-tint': '#15301f',
    '--ap-warn-tint': '#342814',
    '--ap-bad-tint': '#3a1d1a',
    '--ap-idle-tint': dark[5],
    '--ap-series-1': petrol[4],
    '--ap-series-2': petrol[7],
    '--ap-series-3': '#d09a45',
    '--ap-series-4': '#9284c9',
    '--ap-series-5': '#5a4f86',
  },
});
