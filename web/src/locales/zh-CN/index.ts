// SPDX-License-Identifier: MIT
//
// The texts in Simplified Chinese, a file per part of the console.

import account from './account.json';
import clientKeys from './client-keys.json';
import common from './common.json';
import errors from './errors.json';
import jobs from './jobs.json';
import limits from './limits.json';
import providerKeys from './provider-keys.json';
import system from './system.json';
import oauthClients from './oauth-clients.json';
import playground from './playground.json';
import dashboard from './dashboard.json';
import users from './users.json';
import audit from './audit.json';

export default {
  ...common,
  ...errors,
  ...account,
  ...providerKeys,
  ...clientKeys,
  ...jobs,
  ...limits,
  ...system,
  ...oauthClients,
  ...playground,
  ...dashboard,
  ...users,
  ...audit,
};
