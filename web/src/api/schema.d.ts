// SPDX-License-Identifier: MIT
//
// Made by `npm run api` from admin_daemon/openapi.json. Do not edit.

export interface paths {
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in. */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a new access token for the cookie sid, which is rotated.
         * @description A refresh token that is used a second time ends its session.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell whether people sign in at an OpenID provider, and how it is called. */
        get: operations["getOidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/oidc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a sign-in at the OpenID provider.
         * @description The browser opens authorize_url and comes back to /oidc/callback of the console. The cookie sid binds the sign-in to this browser until then.
         */
        post: operations["startOidc"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/oidc/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring back what the OpenID provider sent the browser with.
         * @description 202 while the code is exchanged: ask again with the same. Each sign-in is good once. 403 says why it came to nothing.
         */
        post: operations["returnOidc"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/oidc/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The accounts elsewhere that sign this user in. */
        get: operations["getOidcLink"];
        put?: never;
        /** Begin to be known by an account at the OpenID provider. */
        post: operations["startOidcLink"];
        /** They do not any more; all other sessions of this user end. 409 for who has no password. */
        delete: operations["deleteOidcLink"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/oidc/link/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same as returnOidc, for a link: from then on that account signs this user in. */
        post: operations["returnOidcLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session. */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change one's own profile. */
        patch: operations["updateMe"];
        trace?: never;
    };
    "/api/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change the own password. */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List users. */
        get: operations["listUsers"];
        put?: never;
        /** Create a user. */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a user. */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Delete a user.
         * @description 409 for the last enabled admin, and as long as client keys or provider keys are the user's.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        /**
         * Change a user.
         * @description A new password or `is_enabled: false` ends the user's sessions. nginx refuses the client keys of a disabled user. The last enabled admin stays one: 409.
         */
        patch: operations["updateUser"];
        trace?: never;
    };
    "/api/api-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tokens of the API. */
        get: operations["listApiTokens"];
        put?: never;
        /**
         * Make a token for oneself.
         * @description A token may do what its user may, within its scopes. It makes no tokens, and signs in nowhere.
         */
        post: operations["createApiToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/api-tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a token, without the token itself. */
        get: operations["getApiToken"];
        put?: never;
        post?: never;
        /** Revoke a token. */
        delete: operations["deleteApiToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was changed, newest first.
         * @description Every write through the API has an entry with the object before and after, secrets masked; so has every login. Writes that were refused changed nothing and have none. Kept for 400 days.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get an entry of the audit log. */
        get: operations["getAuditEntry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List providers by id. */
        get: operations["listProviders"];
        put?: never;
        /** Create a provider. */
        post: operations["createProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers/connection/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Find out whether an address leads anywhere: a job makes one request without a credential. */
        post: operations["testProviderConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a provider. */
        get: operations["getProvider"];
        put?: never;
        post?: never;
        /**
         * Delete a provider.
         * @description 409 while provider keys use it.
         */
        delete: operations["deleteProvider"];
        options?: never;
        head?: never;
        /** Change a provider. */
        patch: operations["updateProvider"];
        trace?: never;
    };
    "/api/providers/{id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show what the provider would see of a request.
         * @description The head is written by the code that writes it for real, with a word in place of the provider key. Nothing is sent.
         */
        post: operations["previewProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/provider-keys/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List provider keys by id. */
        get: operations["listProviderKeys"];
        put?: never;
        /** Create a provider key. */
        post: operations["createProviderKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/provider-keys/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a provider key. */
        get: operations["getProviderKey"];
        put?: never;
        post?: never;
        /**
         * Delete a provider key.
         * @description It is removed from the pools of client keys.
         */
        delete: operations["deleteProviderKey"];
        options?: never;
        head?: never;
        /** Change a provider key. */
        patch: operations["updateProviderKey"];
        trace?: never;
    };
    "/api/provider-keys/keys/{id}/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have the token of an OAuth key renewed at once. */
        post: operations["refreshProviderKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/oauth/sign-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your own sign-ins that are not over, newest first. */
        get: operations["listSignIns"];
        put?: never;
        /**
         * Begin a sign-in for an OAuth key that you may change.
         * @description It takes the place of your earlier one for this key, and is gone when its time is over.
         */
        post: operations["startSignIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/oauth/sign-ins/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** Tell how far a sign-in of yours is. */
        get: operations["getSignIn"];
        put?: never;
        post?: never;
        /** Give a sign-in of yours up. */
        delete: operations["cancelSignIn"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/oauth/sign-ins/{id}/code": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hand in a code that the provider's page showed. */
        post: operations["giveSignInCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/oauth/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand in what the provider sent the browser back with.
         * @description The page /oauth/callback of the console calls it, in the session of whoever began the sign-in. The state of anybody else's is not found.
         */
        post: operations["returnSignIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/client-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List client keys by id. */
        get: operations["listClientKeys"];
        put?: never;
        /** Create a client key. */
        post: operations["createClientKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/client-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a client key. */
        get: operations["getClientKey"];
        put?: never;
        post?: never;
        /** Delete a client key. */
        delete: operations["deleteClientKey"];
        options?: never;
        head?: never;
        /** Change a client key. */
        patch: operations["updateClientKey"];
        trace?: never;
    };
    "/api/client-keys/{id}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** How far its limits and its user's are used, live: with Redis of all nodes, else of this one. */
        get: operations["getClientKeyLimits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/client-keys/{id}/limits/reset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Forget what it has used, on this node and in Redis. */
        post: operations["resetClientKeyLimits"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/client-keys/{id}/limits/raise": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Raise a limit of a day or a month until that one ends. */
        post: operations["raiseClientKeyLimit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/identities": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** The accounts elsewhere that sign a user in. */
        get: operations["listUserIdentities"];
        put?: never;
        post?: never;
        /** They do not any more, and the sessions of the user end. A user without a password then needs one to sign in; of oneself that is 409. */
        delete: operations["deleteUserIdentities"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** What all client keys of a user may use together. */
        get: operations["getUserLimits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change what all client keys of a user may use together. */
        patch: operations["updateUserLimits"];
        trace?: never;
    };
    "/api/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Client keys that have used most of some limit. */
        get: operations["listUsedLimits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/client-keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the key; the one that was works on for its grace.
         * @description A rotation ends the grace of the one before it.
         */
        post: operations["rotateClientKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/oauth-clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List OAuth clients by id. */
        get: operations["listOAuthClients"];
        put?: never;
        /** Create an OAuth client. */
        post: operations["createOAuthClient"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/oauth-clients/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get an OAuth client. */
        get: operations["getOAuthClient"];
        put?: never;
        post?: never;
        /** Delete an OAuth client and end its tokens. */
        delete: operations["deleteOAuthClient"];
        options?: never;
        head?: never;
        /** Change an OAuth client. */
        patch: operations["updateOAuthClient"];
        trace?: never;
    };
    "/api/oauth-clients/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the secret; the one that was works on for its grace.
         * @description A rotation ends the grace of the one before it. Tokens live on.
         */
        post: operations["rotateOAuthClient"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/oauth-clients/{id}/revoke-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End all tokens that the client was given. */
        post: operations["revokeOAuthClientTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/oauth2/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a token by client credentials.
         * @description Beside the console's port nginx serves it to callers on theirs.
         */
        post: operations["issueToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/oauth2/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke a token.
         * @description Beside the console's port nginx serves it to callers on theirs.
         */
        post: operations["revokeToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the data plane's settings. */
        get: operations["getSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the data plane's settings. */
        patch: operations["updateSettings"];
        trace?: never;
    };
    "/api/settings/authentication": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the ways in that are open. */
        get: operations["getAuthentication"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Open or close ways in. */
        patch: operations["updateAuthentication"];
        trace?: never;
    };
    "/api/settings/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the OpenID provider by which people sign in to the console. */
        get: operations["getOidcSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the OpenID provider, and which of its people get which role. */
        patch: operations["updateOidcSettings"];
        trace?: never;
    };
    "/api/settings/issuers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List token issuers by id. */
        get: operations["listIssuers"];
        put?: never;
        /** Create a token issuer. */
        post: operations["createIssuer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/settings/issuers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a token issuer. */
        get: operations["getIssuer"];
        put?: never;
        post?: never;
        /** Delete a token issuer: its tokens are refused. */
        delete: operations["deleteIssuer"];
        options?: never;
        head?: never;
        /** Change a token issuer. */
        patch: operations["updateIssuer"];
        trace?: never;
    };
    "/api/settings/issuers/{id}/fetch-keys": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have its key set fetched as soon as it can be. */
        post: operations["fetchIssuerKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/provider-keys/keys/{id}/health": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Tell the health of a provider key: why it rests, until when, what brings it back, and what happened to it. */
        get: operations["getProviderKeyHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/provider-keys/keys/{id}/health-check": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Probe a provider key now, by a job.
         * @description A disabled key is probed too. What the probe found is in its health when the job is done.
         */
        post: operations["checkProviderKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/provider-keys/keys/{id}/end-rest": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End all rests of a provider key, on every node.
         * @description Whoever may change all keys ends its provider's rest too.
         */
        post: operations["endProviderKeyRest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/provider-keys/keys/{id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Sum up the last days of a provider key. */
        get: operations["getProviderKeyStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/provider-keys/keys/{id}/trends": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** List the last days of a provider key, today last. */
        get: operations["getProviderKeyTrends"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/client-keys/{id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Sum up the last days of a client key. */
        get: operations["getClientKeyStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/client-keys/{id}/trends": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** List the last days of a client key, today last. */
        get: operations["getClientKeyTrends"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List records, newest first, with the requests that run on this node. */
        get: operations["listTraces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/traces/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The integer id, or a request id. */
                id: string;
            };
            cookie?: never;
        };
        /** Get a record, whole. */
        get: operations["getTrace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/traces/{id}/payload": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The integer id, or a request id. */
                id: string;
            };
            cookie?: never;
        };
        /** Get what a request said, if its client key has that kept. Each reading is in the audit log. */
        get: operations["getTracePayload"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/running": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the requests that run on this node now. */
        get: operations["listRunning"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the client key in the header Authorization used. 404 unless the settings open this page. */
        get: operations["getKeyUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the price table. */
        get: operations["listPrices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/prices/unpriced": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was used without a price.
         * @description By provider and model, of the last 30 days unless said otherwise.
         */
        get: operations["listUnpriced"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/prices/imports/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show what a price list would change.
         * @description Models that the list does not name stay as they are. Nothing is written.
         */
        post: operations["previewPriceImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/prices/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add the versions of prices that a list changes.
         * @description As it was reviewed: when prices changed since the review it is refused with 412.
         */
        post: operations["importPrices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/prices/rerates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show what records would cost by the prices as they are now, by a job.
         * @description Nothing is changed until the preview is applied. Costs that a provider stated stay.
         */
        post: operations["createRerate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/prices/rerates/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** Tell what a re-rating changes, or has changed. */
        get: operations["getRerate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/prices/rerates/{id}/apply": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change costs as the preview showed, by a job.
         * @description Records and roll-ups change together, a few hundred records at a time. Refused with 409 until the preview is done, and with 412 when prices changed since.
         */
        post: operations["applyRerate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List alerts by when they began, newest first. Those that ended are kept for 90 days. */
        get: operations["listAlerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alerts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get an alert. */
        get: operations["getAlert"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alerts/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that somebody looks after an alert that fires. */
        post: operations["acknowledgeAlert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alert-kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what a rule can watch, with the bounds of its threshold and window. */
        get: operations["listAlertKinds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alert-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List rules of alerts by id. */
        get: operations["listAlertRules"];
        put?: never;
        /** Create a rule. */
        post: operations["createAlertRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alert-rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a rule. */
        get: operations["getAlertRule"];
        put?: never;
        post?: never;
        /** Delete a rule: what fires by it is resolved. */
        delete: operations["deleteAlertRule"];
        options?: never;
        head?: never;
        /** Change a rule. */
        patch: operations["updateAlertRule"];
        trace?: never;
    };
    "/api/alert-channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List channels of alerts by id. */
        get: operations["listAlertChannels"];
        put?: never;
        /** Create a channel. A webhook without a secret gets one, shown here and never again. */
        post: operations["createAlertChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alert-channels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a channel. */
        get: operations["getAlertChannel"];
        put?: never;
        post?: never;
        /** Delete a channel: rules forget it, and what waits for it is dropped. */
        delete: operations["deleteAlertChannel"];
        options?: never;
        head?: never;
        /** Change a channel. */
        patch: operations["updateAlertChannel"];
        trace?: never;
    };
    "/api/alert-channels/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test message, once. What came of it is in the delivery. */
        post: operations["testAlertChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alert-deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List messages to channels, newest first. They are kept for 30 days. */
        get: operations["listAlertDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alert-deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a message to a channel. */
        get: operations["getAlertDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the background tasks of all nodes, by name and node. */
        get: operations["listTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How this node is. */
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the nodes that share the database and were seen within a day, by name. */
        get: operations["listNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List events of all nodes, newest first. They are kept for 30 days. */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: operations["getOpenapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/statistics/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Compare today with yesterday. */
        get: operations["getOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/statistics/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the last days, hours or quarters, the present one last. */
        get: operations["listTrends"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/statistics/minutes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the minutes of the last hour, the present one last. */
        get: operations["listMinutes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/statistics/top": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the client keys, provider keys, users, providers or models with the most requests, tokens or cost. */
        get: operations["listTop"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/statistics/charges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what each user, key, provider or model cost in a month. */
        get: operations["listCharges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/statistics/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List why requests did not succeed. */
        get: operations["listErrors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/statistics/latency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell how long requests took. */
        get: operations["getLatency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write records to a file, by a job.
         * @description The filters are those of the list; oldest first. At most three of a user are under way.
         */
        post: operations["createExport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your jobs, newest first; an admin sees all. */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** Tell how far a job is. */
        get: operations["getJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/download": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** Download a job's file. */
        get: operations["downloadJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Id of a configured object. */
        Id: number;
        /**
         * Format: date-time
         * @description RFC 3339, UTC, with milliseconds.
         * @example 2026-11-24T08:00:00.000Z
         */
        Time: string;
        /**
         * @description Decimal US dollars, without exponent.
         * @example 0.022
         */
        Usd: string;
        /** @description Every answer with a status of 400 and above. */
        Error: {
            error: {
                /**
                 * @description Stable name of the reason.
                 * @example validation
                 */
                code: string;
                /** @description A sentence for people. */
                message: string;
                /** @description The field or query parameter that is wrong, if one is. */
                field: string | null;
                /** @description Also in X-Request-Id. */
                request_id: string;
            };
        };
        /** @description An object by id, with its present name. */
        Ref: {
            id: components["schemas"]["Id"];
            name: string;
        };
        /**
         * @description What one may do. user: what is one's own. viewer: see everything. operator: change what nginx serves. admin: users and settings too. Each operation says in `x-access` whom it is for: `signed_in` is everybody, `viewer_or_own` and `operator_or_own` are those roles and those above, and the roles below for what is their own; the others' objects are not found.
         * @enum {string}
         */
        Role: "admin" | "operator" | "viewer" | "user";
        /** @description Who may manage the gateway. */
        User: {
            id: components["schemas"]["Id"];
            username: string;
            role: components["schemas"]["Role"];
            /** @description As people read it. */
            display_name: string | null;
            email: string | null;
            is_enabled: boolean;
            /** @description A hint to ask for a new password; the API works all the same. */
            must_change_password: boolean;
            last_login_at: components["schemas"]["Time"] | null;
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
        };
        /** @description A new user. */
        UserCreate: {
            username: string;
            /** @description At least 5 different characters, and not with the user name in it. */
            password: string;
            role: components["schemas"]["Role"];
            /** @description As people read it. */
            display_name?: string | null;
            email?: string | null;
            /** @default true */
            is_enabled?: boolean;
            /** @default true */
            must_change_password?: boolean;
        };
        /** @description Merge patch. */
        UserPatch: {
            username?: string;
            /** @description At least 5 different characters, and not with the user name in it. */
            password?: string;
            role?: components["schemas"]["Role"];
            /** @description As people read it. */
            display_name?: string | null;
            email?: string | null;
            is_enabled?: boolean;
            /** @description true with a new password, unless said otherwise. */
            must_change_password?: boolean;
        };
        /** @description Merge patch of oneself. */
        Profile: {
            /** @description As people read it. */
            display_name?: string | null;
            email?: string | null;
        };
        /** @description Credentials. */
        Login: {
            username: string;
            password: string;
        };
        /** @description A fresh access token. The refresh token is in the cookie sid. */
        Session: {
            /** @description For the Authorization header, after `Bearer `. */
            access_token: string;
            /** @description Seconds. */
            expires_in: number;
            user: components["schemas"]["User"];
        };
        /** @description A new password; ends all other sessions of the user. */
        PasswordChange: {
            current_password: string;
            new_password: string;
        };
        /** @description A request as a caller would send it. */
        PreviewRequest: {
            /** @default POST */
            method?: string;
            /** @description With the query. */
            path: string;
            headers?: components["schemas"]["PreviewHeader"][];
            /** Format: int64 */
            body_bytes?: number;
        };
        /** @description A header of the caller. */
        PreviewHeader: {
            name: string;
            value: string;
        };
        /** @description What the provider would see. */
        Preview: {
            /** @description Scheme, host and port of the connection. */
            address: string;
            /** @description What the path means. */
            dialect: string;
            /** @description The request's line and headers to the empty line. */
            head: string;
            /** @description The caller's headers that do not pass. */
            removed: string[];
        };
        /**
         * @description A wire format. A provider serves chat, messages and content only if it lists them; all else goes to any provider that lists a dialect of the same family (the first word).
         * @enum {string}
         */
        Dialect: "openai_chat" | "anthropic_messages" | "gemini_content" | "openai_responses" | "openai_completions" | "openai_embeddings" | "openai_images" | "openai_audio" | "openai_moderations" | "openai_batches" | "openai_realtime" | "anthropic_count_tokens" | "anthropic_batches" | "gemini_count_tokens" | "gemini_embeddings" | "gemini_interactions" | "gemini_live" | "bedrock_converse" | "bedrock_invoke" | "cohere" | "ollama";
        /** @description A header sent with each request to a provider. */
        Header: {
            name: string;
            value: string;
        };
        /** @description Where a provider expects the credential. */
        Credential: {
            /**
             * @default header
             * @enum {string}
             */
            location: "header" | "query";
            /** @description Header or query parameter. */
            name: string;
            /**
             * @description Before the secret.
             * @default
             */
            prefix: string;
        };
        /** @description An upstream vendor, as data. */
        Provider: {
            id: components["schemas"]["Id"];
            /** @description Unique. */
            name: string;
            /** @description http(s)://host[:port][/prefix] */
            base_url: string;
            dialects: components["schemas"]["Dialect"][];
            /** @description Default by the first dialect: authorization with `Bearer `, x-api-key, or x-goog-api-key. */
            credential: components["schemas"]["Credential"];
            required_headers: components["schemas"]["Header"][];
            /** @description To connect, TLS included. */
            connect_timeout_ms: number;
            /** @description From the request sent to the first byte. */
            first_byte_timeout_ms: number;
            /** @description Between two bytes of the answer. */
            idle_timeout_ms: number;
            /** @description For the whole attempt; null: none. */
            total_timeout_ms: number | null;
            /** @description Verify the certificate. */
            tls_verify: boolean;
            /** @description Name for SNI and verification; null: the host's. */
            tls_name: string | null;
            /** @description Ask for usage in OpenAI chat streams that did not, and hide it from the caller. */
            ask_usage: boolean;
            /** @description Whose rows of the price table; null: the provider's own name. */
            price_list: string | null;
            /**
             * @description Whose errors it speaks; null: its dialect's.
             * @enum {string|null}
             */
            verdict_table: "openai" | "anthropic" | "gemini" | "bedrock" | "cohere" | null;
            verdict_rules: components["schemas"]["VerdictRule"][];
            /** @description Empty: as the dialect says it. */
            model_rules: components["schemas"]["ModelRule"][];
            /** @description How to read usage that no dialect knows; null: as the dialect says it. */
            usage_mapping: Record<string, never> | null;
            /** @description Headers of the caller that pass beyond the usual ones. */
            allowed_headers: string[];
            /** @description The local address to connect from; null: any. */
            egress: string | null;
            /** @description WebSocket connections pass through. */
            websocket: boolean;
            probe: components["schemas"]["ProbeRules"];
            /** @description How keys of the kind oauth get their tokens; null: none can. */
            oauth: components["schemas"]["ProviderOAuth"] | null;
            is_enabled: boolean;
            /** @description As resolved last, with port. */
            readonly addresses: string[];
            /** @description Why the host could not be resolved just now. */
            readonly resolve_error: string | null;
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
        };
        /** @description A new provider. */
        ProviderCreate: {
            /** @description Unique. */
            name: string;
            /** @description http(s)://host[:port][/prefix] */
            base_url: string;
            dialects: components["schemas"]["Dialect"][];
            /** @description Default by the first dialect: authorization with `Bearer `, x-api-key, or x-goog-api-key. */
            credential?: components["schemas"]["Credential"];
            required_headers?: components["schemas"]["Header"][];
            /**
             * @description To connect, TLS included.
             * @default 5000
             */
            connect_timeout_ms?: number;
            /**
             * @description From the request sent to the first byte.
             * @default 120000
             */
            first_byte_timeout_ms?: number;
            /**
             * @description Between two bytes of the answer.
             * @default 120000
             */
            idle_timeout_ms?: number;
            /** @description For the whole attempt; null: none. */
            total_timeout_ms?: number | null;
            /**
             * @description Verify the certificate.
             * @default true
             */
            tls_verify?: boolean;
            /** @description Name for SNI and verification; null: the host's. */
            tls_name?: string | null;
            /**
             * @description Ask for usage in OpenAI chat streams that did not, and hide it from the caller.
             * @default false
             */
            ask_usage?: boolean;
            /** @description Whose rows of the price table; null: the provider's own name. */
            price_list?: string | null;
            /**
             * @description Whose errors it speaks; null: its dialect's.
             * @enum {string|null}
             */
            verdict_table?: "openai" | "anthropic" | "gemini" | "bedrock" | "cohere" | null;
            verdict_rules?: components["schemas"]["VerdictRule"][];
            /** @description Empty: as the dialect says it. */
            model_rules?: components["schemas"]["ModelRule"][];
            /** @description How to read usage that no dialect knows; null: as the dialect says it. */
            usage_mapping?: Record<string, never> | null;
            /** @description Headers of the caller that pass beyond the usual ones. */
            allowed_headers?: string[];
            /** @description The local address to connect from; null: any. */
            egress?: string | null;
            probe?: components["schemas"]["ProbeRulesChange"];
            /** @description How keys of the kind oauth get their tokens; null: none can. */
            oauth?: components["schemas"]["ProviderOAuthGiven"] | null;
            /**
             * @description WebSocket connections pass through.
             * @default false
             */
            websocket?: boolean;
            /** @default true */
            is_enabled?: boolean;
        };
        /** @description Merge patch: absent is unchanged, null clears a field that may be null. */
        ProviderPatch: {
            /** @description Unique. */
            name?: string;
            /** @description http(s)://host[:port][/prefix] */
            base_url?: string;
            dialects?: components["schemas"]["Dialect"][];
            /** @description Default by the first dialect: authorization with `Bearer `, x-api-key, or x-goog-api-key. */
            credential?: components["schemas"]["Credential"];
            required_headers?: components["schemas"]["Header"][];
            /** @description To connect, TLS included. */
            connect_timeout_ms?: number;
            /** @description From the request sent to the first byte. */
            first_byte_timeout_ms?: number;
            /** @description Between two bytes of the answer. */
            idle_timeout_ms?: number;
            /** @description For the whole attempt; null: none. */
            total_timeout_ms?: number | null;
            /** @description Verify the certificate. */
            tls_verify?: boolean;
            /** @description Name for SNI and verification; null: the host's. */
            tls_name?: string | null;
            /** @description Ask for usage in OpenAI chat streams that did not, and hide it from the caller. */
            ask_usage?: boolean;
            /** @description Whose rows of the price table; null: the provider's own name. */
            price_list?: string | null;
            /**
             * @description Whose errors it speaks; null: its dialect's.
             * @enum {string|null}
             */
            verdict_table?: "openai" | "anthropic" | "gemini" | "bedrock" | "cohere" | null;
            verdict_rules?: components["schemas"]["VerdictRule"][];
            /** @description Empty: as the dialect says it. */
            model_rules?: components["schemas"]["ModelRule"][];
            /** @description How to read usage that no dialect knows; null: as the dialect says it. */
            usage_mapping?: Record<string, never> | null;
            /** @description Headers of the caller that pass beyond the usual ones. */
            allowed_headers?: string[];
            /** @description The local address to connect from; null: any. */
            egress?: string | null;
            /** @description WebSocket connections pass through. */
            websocket?: boolean;
            probe?: components["schemas"]["ProbeRulesChange"];
            /** @description How keys of the kind oauth get their tokens; null: none can. It is replaced as a whole; a client_secret that is left out stays while token_url does. */
            oauth?: components["schemas"]["ProviderOAuthGiven"] | null;
            is_enabled?: boolean;
        };
        /** @description What this node knows of a provider key. */
        Health: {
            /**
             * @description trial: its rest is over, and the next request or probe proves it. unknown: nginx does not serve it.
             * @enum {string}
             */
            state: "ready" | "trial" | "resting" | "disabled" | "expired" | "unknown";
            /**
             * @description Why it rests.
             * @enum {string|null}
             */
            class: "credential" | "rate_limited" | "unavailable" | "unreachable" | "timeout" | "invalid_answer" | "quota" | "busy" | "model" | null;
            /** @description The provider's answer that caused it. */
            status: number | null;
            until: components["schemas"]["Time"] | null;
            remaining_ms: number;
            /** @description How well it does; null: nothing is known. */
            score: number | null;
        };
        /** @description What is known of a provider key's health. */
        KeyHealth: {
            /**
             * @description trial: its rest is over, and the next request or probe proves it. unknown: nginx does not serve it.
             * @enum {string}
             */
            state: "ready" | "trial" | "resting" | "disabled" | "expired" | "unknown";
            /**
             * @description Why it rests.
             * @enum {string|null}
             */
            class: "credential" | "rate_limited" | "unavailable" | "unreachable" | "timeout" | "invalid_answer" | "quota" | "busy" | "model" | null;
            /** @description The provider's answer that caused it. */
            status: number | null;
            until: components["schemas"]["Time"] | null;
            remaining_ms: number;
            /** @description How well it does; null: nothing is known. */
            score: number | null;
            /** @description What keeps it from serving now: its own rest, those for models, its provider's. */
            rests: components["schemas"]["RunningRest"][];
            probe: {
                /** @description null: its provider has no cheap call, and none is made. */
                path: string | null;
                /** @description null: on demand only. */
                interval_seconds: number | null;
                proves_use: boolean;
                probed_at: components["schemas"]["Time"] | null;
                next_at: components["schemas"]["Time"] | null;
            };
            /** @description Attempts of the last five minutes on this node that said something of the key. */
            traffic: {
                attempts: number;
                failed: number;
            };
            /** @description Newest first; kept for 30 days. */
            history: {
                items: components["schemas"]["HealthEntry"][];
                next: string | null;
            };
        };
        /** @description A rest of a provider key. */
        RunningRest: {
            /**
             * @description egress: the provider, as seen from this node's address.
             * @enum {string}
             */
            scope: "key" | "key_model" | "provider" | "egress";
            model: string | null;
            /** @enum {string|null} */
            class: "credential" | "rate_limited" | "unavailable" | "unreachable" | "timeout" | "invalid_answer" | "quota" | "busy" | "model" | null;
            status: number | null;
            since: components["schemas"]["Time"] | null;
            until: components["schemas"]["Time"];
            remaining_ms: number;
            /** @description time: by itself, then one request is the trial. probe: a good one ends it before. person: end-rest does. */
            ends_by: ("time" | "probe" | "person")[];
        };
        /** @description Something that happened to a provider key. Probes in a row that found the same are one. */
        HealthEntry: {
            began_at: components["schemas"]["Time"];
            last_at: components["schemas"]["Time"];
            times: number;
            /** @enum {string} */
            source: "probe" | "traffic" | "person";
            node_id: string | null;
            /** @description The request that showed it. */
            request_id: string | null;
            /** @description Who ended its rests. */
            username: string | null;
            /**
             * @description unclear: the probe told nothing of the key. ended: a person ended its rests.
             * @enum {string}
             */
            verdict: "good" | "unclear" | "ended" | "key_dead" | "key_quota" | "key_rate" | "busy" | "retry";
            /** @enum {string|null} */
            class: "credential" | "rate_limited" | "unavailable" | "unreachable" | "timeout" | "invalid_answer" | "quota" | "busy" | "model" | null;
            /** @enum {string|null} */
            scope: "key" | "key_model" | "provider" | "egress" | null;
            model: string | null;
            status: number | null;
            /** @description As the provider names it, or why there was no answer. */
            error: string | null;
            took_ms: number | null;
            rest_until: components["schemas"]["Time"] | null;
        };
        /** @description How the keys of a provider are probed: by the cheapest call that tells whether a credential is good. */
        ProbeRules: {
            /** @description Probe on a schedule. */
            is_enabled: boolean;
            /** @description With query, behind the base URL; null: as the first dialect has it. */
            path: string | null;
            /** @description JSON that is posted there; null: GET. */
            body: string | null;
            /** @description null: the daemon's setting probe_seconds. */
            interval_seconds: number | null;
            /** @description A good answer says that a model would run: it ends rests for rate, quota, load and failures too. */
            proves_use: boolean;
        };
        /** @description As a whole: what is absent takes its default. */
        ProbeRulesChange: {
            /** @description Probe on a schedule. */
            is_enabled?: boolean;
            /** @description With query, behind the base URL; null: as the first dialect has it. */
            path?: string | null;
            /** @description JSON that is posted there; null: GET. */
            body?: string | null;
            /** @description null: the daemon's setting probe_seconds. */
            interval_seconds?: number | null;
            /** @description A good answer says that a model would run: it ends rests for rate, quota, load and failures too. */
            proves_use?: boolean;
        };
        /** @description A credential held for a provider. The secret is never shown. */
        ProviderKey: {
            id: components["schemas"]["Id"];
            /** @description Unique. */
            name: string;
            provider_id: components["schemas"]["Id"];
            kind: components["schemas"]["ProviderKeyKind"];
            /** @description Of an OAuth key; null of others. */
            readonly oauth: components["schemas"]["KeyTokens"] | null;
            /** @description Share under the strategy weighted. */
            weight: number;
            /** @description The least comes first, with the strategy priority; null: last. */
            priority: number | null;
            /** @description Its own limit; null: none. */
            requests_per_minute: number | null;
            /** @description Its own limit; null: none. */
            tokens_per_minute: number | null;
            /** @description Its own limit; null: none. */
            requests_per_day: number | null;
            /** @description Its own limit; null: none. */
            max_in_flight: number | null;
            requests_per_second: components["schemas"]["LimitCount"];
            tokens_per_day: components["schemas"]["LimitCount"];
            cost_per_day: components["schemas"]["LimitUsd"];
            cost_per_month: components["schemas"]["LimitUsd"];
            time_zone: components["schemas"]["LimitZone"];
            /** @description It serves this user's client keys alone; null: everybody's. */
            owner_user_id: components["schemas"]["Id"] | null;
            /**
             * @description Whether the provider takes the credential. pending: the first token of an OAuth key is being fetched. A new secret is good again.
             * @enum {string}
             */
            credential_state: "good" | "refused" | "sign_in_needed" | "pending";
            /** @description Why it is not good. */
            readonly credential_reason: string | null;
            is_enabled: boolean;
            expires_at: components["schemas"]["Time"] | null;
            /** @description The last 4 characters; null if the secret is shorter than 12. */
            secret_hint: string | null;
            secret_reference: components["schemas"]["SecretReference"];
            /** @description Why this node cannot read what the reference names; the last secret that it read stays. */
            readonly secret_error: string | null;
            health: components["schemas"]["Health"];
            in_flight: number;
            vendor_quota: components["schemas"]["VendorQuota"];
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
        };
        /** @description What the provider said last is left of its own limits of the key, in an answer that this node saw. Of several of a kind it is the scarcest. */
        VendorQuota: {
            requests: components["schemas"]["VendorQuotaKind"] | null;
            tokens: components["schemas"]["VendorQuotaKind"] | null;
        };
        /** @description null in its place: nothing was said, or the reset is past. */
        VendorQuotaKind: {
            limit: number;
            remaining: number;
            /** @description When it is full again; null: not said, and shown for a minute. */
            resets_at: components["schemas"]["Time"] | null;
            seen_at: components["schemas"]["Time"];
        };
        /** @description Where the secret is kept, in its place: env:NAME, file:/path or command:/program words, as far as the daemon's settings allow it. An operator may name it. null: the secret is here. */
        SecretReference: string | null;
        /**
         * @description secret: a credential that somebody entered. oauth: a token that is renewed. It never changes.
         * @enum {string}
         */
        ProviderKeyKind: "secret" | "oauth";
        /** @description What is known of an OAuth key's token. The token itself is never shown. */
        KeyTokens: {
            /** @description The key's own client; null: the provider's. */
            client_id: string | null;
            obtained_at: components["schemas"]["Time"] | null;
            /** @description Of the token; null: it has none, or the provider did not say. */
            expires_at: components["schemas"]["Time"] | null;
            /** @description When it is renewed; null: not before the provider refuses it, or not without a person. */
            refresh_at: components["schemas"]["Time"] | null;
            /** @description Why it could not be renewed last time. */
            refresh_error: string | null;
        };
        /** @description A parameter of a message to the provider, in place of the standard one of that name; an empty value leaves it out. */
        OAuthParameter: {
            name: string;
            /** @description Text with placeholders such as {client_id}; admin_daemon/README.md lists them. Nothing else is evaluated. */
            value: string;
        };
        /** @description How a provider's tokens are got by OAuth 2.0. */
        ProviderOAuth: {
            /** @enum {string} */
            grant: "authorization_code" | "device_code" | "client_credentials" | "service_account";
            /** @description What a person opens, by authorization_code. */
            authorize_url: string | null;
            /** @description What gives user codes, by device_code. */
            device_url: string | null;
            token_url: string;
            /** @description Of our client there; null: each key has its own. */
            client_id: string | null;
            /**
             * @description How the client's secret is sent.
             * @enum {string}
             */
            client_authentication: "none" | "body" | "basic";
            scopes: string[];
            /** @description Where the browser goes afterwards; null: /oauth/callback of the console. From elsewhere the code is pasted. */
            redirect_url: string | null;
            /**
             * @description What the token endpoint takes.
             * @enum {string}
             */
            body: "form" | "json";
            authorize_parameters: components["schemas"]["OAuthParameter"][];
            device_parameters: components["schemas"]["OAuthParameter"][];
            token_parameters: components["schemas"]["OAuthParameter"][];
            refresh_parameters: components["schemas"]["OAuthParameter"][];
            has_client_secret: boolean;
        };
        /** @description How a provider's tokens are got by OAuth 2.0, as it is entered. */
        ProviderOAuthGiven: {
            /** @enum {string} */
            grant: "authorization_code" | "device_code" | "client_credentials" | "service_account";
            /** @description What a person opens, by authorization_code. */
            authorize_url?: string | null;
            /** @description What gives user codes, by device_code. */
            device_url?: string | null;
            token_url: string;
            /** @description Of our client there; null: each key has its own. */
            client_id?: string | null;
            /**
             * @description How the client's secret is sent.
             * @enum {string}
             */
            client_authentication?: "none" | "body" | "basic";
            scopes?: string[];
            /** @description Where the browser goes afterwards; null: /oauth/callback of the console. From elsewhere the code is pasted. */
            redirect_url?: string | null;
            /**
             * @description What the token endpoint takes.
             * @enum {string}
             */
            body?: "form" | "json";
            authorize_parameters?: components["schemas"]["OAuthParameter"][];
            device_parameters?: components["schemas"]["OAuthParameter"][];
            token_parameters?: components["schemas"]["OAuthParameter"][];
            refresh_parameters?: components["schemas"]["OAuthParameter"][];
            /** @description Write only. */
            client_secret?: string;
        };
        /** @description A sign-in that gives an OAuth key its first token. */
        SignIn: {
            id: string;
            provider_key_id: components["schemas"]["Id"];
            /** @enum {string} */
            flow: "authorization_code" | "device_code";
            /**
             * @description starting: the user code is asked for. waiting: for the person. exchanging: the code is sent for a token.
             * @enum {string}
             */
            state: "starting" | "waiting" | "exchanging" | "done" | "failed";
            /** @description What the person opens, while a code is awaited. */
            authorize_url: string | null;
            /** @description Where the browser goes afterwards. */
            redirect_uri: string | null;
            /** @description What the person enters at verification_url. */
            user_code: string | null;
            verification_url: string | null;
            /** @description Why it failed. */
            error: string | null;
            created_at: components["schemas"]["Time"];
            expires_at: components["schemas"]["Time"];
        };
        /** @description A page of sign-ins. */
        SignInList: {
            items: components["schemas"]["SignIn"][];
            next: null;
        };
        /** @description For which key. */
        SignInCreate: {
            provider_key_id: components["schemas"]["Id"];
        };
        /** @description What a person copied. */
        SignInCode: {
            /** @description The code, code#state, or the whole address that the browser went to. */
            code: string;
        };
        /** @description The parameters of the address that the browser came back to; a code or an error. */
        SignInReturn: {
            state: string;
            code?: string;
            error?: string;
        };
        /** @description A new provider key. */
        ProviderKeyCreate: {
            /** @description Unique. */
            name: string;
            provider_id: components["schemas"]["Id"];
            kind?: components["schemas"]["ProviderKeyKind"];
            /** @description Write only. Of an OAuth key: the secret of its own client, or the JSON of a service account; none where somebody signs in. */
            secret?: string;
            secret_reference?: components["schemas"]["SecretReference"];
            /** @description Of an OAuth key by client credentials; null: the provider's. */
            oauth_client_id?: string | null;
            /**
             * @description Share under the strategy weighted.
             * @default 1
             */
            weight?: number;
            /** @description The least comes first, with the strategy priority; null: last. */
            priority?: number | null;
            /** @description Its own limit; null: none. */
            requests_per_minute?: number | null;
            /** @description Its own limit; null: none. */
            tokens_per_minute?: number | null;
            /** @description Its own limit; null: none. */
            requests_per_day?: number | null;
            /** @description Its own limit; null: none. */
            max_in_flight?: number | null;
            requests_per_second?: components["schemas"]["LimitCount"];
            tokens_per_day?: components["schemas"]["LimitCount"];
            cost_per_day?: components["schemas"]["LimitUsd"];
            cost_per_month?: components["schemas"]["LimitUsd"];
            time_zone?: components["schemas"]["LimitZone"];
            /** @description It serves this user's client keys alone; null: everybody's. */
            owner_user_id?: components["schemas"]["Id"] | null;
            /** @default true */
            is_enabled?: boolean;
            expires_at?: components["schemas"]["Time"] | null;
        };
        /** @description Merge patch; a secret replaces the present one. */
        ProviderKeyPatch: {
            /** @description Unique. */
            name?: string;
            provider_id?: components["schemas"]["Id"];
            kind?: components["schemas"]["ProviderKeyKind"];
            /** @description Write only. Of an OAuth key: the secret of its own client, or the JSON of a service account; none where somebody signs in. */
            secret?: string;
            secret_reference?: components["schemas"]["SecretReference"];
            /** @description Of an OAuth key by client credentials; null: the provider's. */
            oauth_client_id?: string | null;
            /** @description Share under the strategy weighted. */
            weight?: number;
            /** @description The least comes first, with the strategy priority; null: last. */
            priority?: number | null;
            /** @description Its own limit; null: none. */
            requests_per_minute?: number | null;
            /** @description Its own limit; null: none. */
            tokens_per_minute?: number | null;
            /** @description Its own limit; null: none. */
            requests_per_day?: number | null;
            /** @description Its own limit; null: none. */
            max_in_flight?: number | null;
            requests_per_second?: components["schemas"]["LimitCount"];
            tokens_per_day?: components["schemas"]["LimitCount"];
            cost_per_day?: components["schemas"]["LimitUsd"];
            cost_per_month?: components["schemas"]["LimitUsd"];
            time_zone?: components["schemas"]["LimitZone"];
            /** @description It serves this user's client keys alone; null: everybody's. */
            owner_user_id?: components["schemas"]["Id"] | null;
            /**
             * @description A person says that the credential works again.
             * @enum {string}
             */
            credential_state?: "good";
            is_enabled?: boolean;
            expires_at?: components["schemas"]["Time"] | null;
        };
        /** @description The key a caller shows us. */
        ClientKey: {
            id: components["schemas"]["Id"];
            /** @description Unique. */
            name: string;
            /**
             * @description What may be shown of the key.
             * @example aip_ab12cd34
             */
            prefix: string;
            is_enabled: boolean;
            expires_at: components["schemas"]["Time"] | null;
            /** @description Until when the key before the last rotation works. */
            readonly previous_until: components["schemas"]["Time"] | null;
            /** @description Whose key it is. */
            user_id: components["schemas"]["Id"] | null;
            /** @description The pool; the providers follow from it. */
            provider_key_ids: components["schemas"]["Id"][];
            /** @description Where it may be used from, as `192.0.2.0/24` or `2001:db8::/32`. null: everywhere. */
            allowed_addresses: string[] | null;
            /** @description What it may ask for: a name, or the beginning of names and `*`. null: every model. */
            allowed_models: string[] | null;
            /** @description null: every provider of the pool. */
            allowed_provider_ids: components["schemas"]["Id"][] | null;
            strategy: components["schemas"]["Strategy"];
            sticky: components["schemas"]["Sticky"] | null;
            /** @description Attempts of one request; null: the gateway's default. */
            max_attempts: number | null;
            /** @description No attempt begins later; null: the gateway's default. */
            attempts_within_ms: number | null;
            /** @description Retries for a hundred requests; null: the gateway's default. */
            retry_percent: number | null;
            /** @description null: no limit. */
            requests_per_minute: number | null;
            requests_per_second: components["schemas"]["LimitCount"];
            requests_per_day: components["schemas"]["LimitCount"];
            tokens_per_minute: components["schemas"]["LimitCount"];
            tokens_per_day: components["schemas"]["LimitCount"];
            cost_per_day: components["schemas"]["LimitUsd"];
            cost_per_month: components["schemas"]["LimitUsd"];
            max_in_flight: components["schemas"]["LimitCount"];
            time_zone: components["schemas"]["LimitZone"];
            /** @description Of each limit, on each node, with `fraction`. */
            local_percent: number | null;
            /** @description What is reserved for an answer whose request names no maximum, and of a stream that ends at the limit at most; null: the longest of late. */
            max_output_tokens: number | null;
            /**
             * @description While nobody can tell what was used (Redis is away, counters are not rebuilt): refuse, let pass, or hold a fraction locally.
             * @enum {string}
             */
            when_unknown: "closed" | "open" | "fraction";
            /** @description End a stream that reaches what was reserved for it when there is no more. */
            ends_at_limit: boolean;
            /** @description Tokens issued before it are refused. */
            tokens_not_before: components["schemas"]["Time"] | null;
            /** @description What is kept of what its requests say; null: nothing. Operators alone may change it. */
            payload_log: components["schemas"]["PayloadLog"] | null;
            /** @description Try the next key after a provider did not answer in time. */
            retry_after_timeout: boolean;
            /** @description How long a request waits when all keys rest; null: not at all. */
            park_ms: number | null;
            /**
             * @description What becomes of the provider's answer when the caller has gone: cut it, or read it to its end for its usage, within bounds.
             * @enum {string}
             */
            on_abort: "cut" | "drain";
            /** @description null: the gateway's default. */
            drain_ms: number | null;
            /** @description null: the gateway's default. */
            drain_bytes: number | null;
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
        };
        /** @description A new client key. */
        ClientKeyCreate: {
            /** @description Unique. */
            name: string;
            /** @default true */
            is_enabled?: boolean;
            expires_at?: components["schemas"]["Time"] | null;
            /** @description Whose key it is. */
            user_id?: components["schemas"]["Id"] | null;
            /** @description The pool; the providers follow from it. */
            provider_key_ids: components["schemas"]["Id"][];
            /** @description Where it may be used from, as `192.0.2.0/24` or `2001:db8::/32`. null: everywhere. */
            allowed_addresses?: string[] | null;
            /** @description What it may ask for: a name, or the beginning of names and `*`. null: every model. */
            allowed_models?: string[] | null;
            /** @description null: every provider of the pool. */
            allowed_provider_ids?: components["schemas"]["Id"][] | null;
            /** @default round_robin */
            strategy?: components["schemas"]["Strategy"];
            sticky?: components["schemas"]["Sticky"] | null;
            /** @description Attempts of one request; null: the gateway's default. */
            max_attempts?: number | null;
            /** @description No attempt begins later; null: the gateway's default. */
            attempts_within_ms?: number | null;
            /** @description Retries for a hundred requests; null: the gateway's default. */
            retry_percent?: number | null;
            /** @description null: no limit. */
            requests_per_minute?: number | null;
            requests_per_second?: components["schemas"]["LimitCount"];
            requests_per_day?: components["schemas"]["LimitCount"];
            tokens_per_minute?: components["schemas"]["LimitCount"];
            tokens_per_day?: components["schemas"]["LimitCount"];
            cost_per_day?: components["schemas"]["LimitUsd"];
            cost_per_month?: components["schemas"]["LimitUsd"];
            max_in_flight?: components["schemas"]["LimitCount"];
            time_zone?: components["schemas"]["LimitZone"];
            /** @description Of each limit, on each node, with `fraction`. */
            local_percent?: number | null;
            /** @description What is reserved for an answer whose request names no maximum, and of a stream that ends at the limit at most; null: the longest of late. */
            max_output_tokens?: number | null;
            /**
             * @description While nobody can tell what was used (Redis is away, counters are not rebuilt): refuse, let pass, or hold a fraction locally.
             * @default closed
             * @enum {string}
             */
            when_unknown?: "closed" | "open" | "fraction";
            /**
             * @description End a stream that reaches what was reserved for it when there is no more.
             * @default false
             */
            ends_at_limit?: boolean;
            /** @description Tokens issued before it are refused. */
            tokens_not_before?: components["schemas"]["Time"] | null;
            /** @description What is kept of what its requests say; null: nothing. Operators alone may change it. */
            payload_log?: components["schemas"]["PayloadLog"] | null;
            /**
             * @description Try the next key after a provider did not answer in time.
             * @default true
             */
            retry_after_timeout?: boolean;
            /** @description How long a request waits when all keys rest; null: not at all. */
            park_ms?: number | null;
            /**
             * @description What becomes of the provider's answer when the caller has gone: cut it, or read it to its end for its usage, within bounds.
             * @default cut
             * @enum {string}
             */
            on_abort?: "cut" | "drain";
            /** @description null: the gateway's default. */
            drain_ms?: number | null;
            /** @description null: the gateway's default. */
            drain_bytes?: number | null;
        };
        /** @description Merge patch. */
        ClientKeyPatch: {
            /** @description Unique. */
            name?: string;
            is_enabled?: boolean;
            expires_at?: components["schemas"]["Time"] | null;
            /** @description Whose key it is. */
            user_id?: components["schemas"]["Id"] | null;
            /** @description The pool; the providers follow from it. */
            provider_key_ids?: components["schemas"]["Id"][];
            /** @description Where it may be used from, as `192.0.2.0/24` or `2001:db8::/32`. null: everywhere. */
            allowed_addresses?: string[] | null;
            /** @description What it may ask for: a name, or the beginning of names and `*`. null: every model. */
            allowed_models?: string[] | null;
            /** @description null: every provider of the pool. */
            allowed_provider_ids?: components["schemas"]["Id"][] | null;
            strategy?: components["schemas"]["Strategy"];
            sticky?: components["schemas"]["Sticky"] | null;
            /** @description Attempts of one request; null: the gateway's default. */
            max_attempts?: number | null;
            /** @description No attempt begins later; null: the gateway's default. */
            attempts_within_ms?: number | null;
            /** @description Retries for a hundred requests; null: the gateway's default. */
            retry_percent?: number | null;
            /** @description null: no limit. */
            requests_per_minute?: number | null;
            requests_per_second?: components["schemas"]["LimitCount"];
            requests_per_day?: components["schemas"]["LimitCount"];
            tokens_per_minute?: components["schemas"]["LimitCount"];
            tokens_per_day?: components["schemas"]["LimitCount"];
            cost_per_day?: components["schemas"]["LimitUsd"];
            cost_per_month?: components["schemas"]["LimitUsd"];
            max_in_flight?: components["schemas"]["LimitCount"];
            time_zone?: components["schemas"]["LimitZone"];
            /** @description Of each limit, on each node, with `fraction`. */
            local_percent?: number | null;
            /** @description What is reserved for an answer whose request names no maximum, and of a stream that ends at the limit at most; null: the longest of late. */
            max_output_tokens?: number | null;
            /**
             * @description While nobody can tell what was used (Redis is away, counters are not rebuilt): refuse, let pass, or hold a fraction locally.
             * @enum {string}
             */
            when_unknown?: "closed" | "open" | "fraction";
            /** @description End a stream that reaches what was reserved for it when there is no more. */
            ends_at_limit?: boolean;
            /** @description Tokens issued before it are refused. */
            tokens_not_before?: components["schemas"]["Time"] | null;
            /** @description What is kept of what its requests say; null: nothing. Operators alone may change it. */
            payload_log?: components["schemas"]["PayloadLog"] | null;
            /** @description Try the next key after a provider did not answer in time. */
            retry_after_timeout?: boolean;
            /** @description How long a request waits when all keys rest; null: not at all. */
            park_ms?: number | null;
            /**
             * @description What becomes of the provider's answer when the caller has gone: cut it, or read it to its end for its usage, within bounds.
             * @enum {string}
             */
            on_abort?: "cut" | "drain";
            /** @description null: the gateway's default. */
            drain_ms?: number | null;
            /** @description null: the gateway's default. */
            drain_bytes?: number | null;
        };
        /** @description A client key with the key itself. */
        ClientKeyCreated: {
            id: components["schemas"]["Id"];
            /** @description Unique. */
            name: string;
            /**
             * @description What may be shown of the key.
             * @example aip_ab12cd34
             */
            prefix: string;
            is_enabled: boolean;
            expires_at: components["schemas"]["Time"] | null;
            /** @description Until when the key before the last rotation works. */
            readonly previous_until: components["schemas"]["Time"] | null;
            /** @description Whose key it is. */
            user_id: components["schemas"]["Id"] | null;
            /** @description The pool; the providers follow from it. */
            provider_key_ids: components["schemas"]["Id"][];
            /** @description Where it may be used from, as `192.0.2.0/24` or `2001:db8::/32`. null: everywhere. */
            allowed_addresses: string[] | null;
            /** @description What it may ask for: a name, or the beginning of names and `*`. null: every model. */
            allowed_models: string[] | null;
            /** @description null: every provider of the pool. */
            allowed_provider_ids: components["schemas"]["Id"][] | null;
            strategy: components["schemas"]["Strategy"];
            sticky: components["schemas"]["Sticky"] | null;
            /** @description Attempts of one request; null: the gateway's default. */
            max_attempts: number | null;
            /** @description No attempt begins later; null: the gateway's default. */
            attempts_within_ms: number | null;
            /** @description Retries for a hundred requests; null: the gateway's default. */
            retry_percent: number | null;
            /** @description null: no limit. */
            requests_per_minute: number | null;
            requests_per_second: components["schemas"]["LimitCount"];
            requests_per_day: components["schemas"]["LimitCount"];
            tokens_per_minute: components["schemas"]["LimitCount"];
            tokens_per_day: components["schemas"]["LimitCount"];
            cost_per_day: components["schemas"]["LimitUsd"];
            cost_per_month: components["schemas"]["LimitUsd"];
            max_in_flight: components["schemas"]["LimitCount"];
            time_zone: components["schemas"]["LimitZone"];
            /** @description Of each limit, on each node, with `fraction`. */
            local_percent: number | null;
            /** @description What is reserved for an answer whose request names no maximum, and of a stream that ends at the limit at most; null: the longest of late. */
            max_output_tokens: number | null;
            /**
             * @description While nobody can tell what was used (Redis is away, counters are not rebuilt): refuse, let pass, or hold a fraction locally.
             * @enum {string}
             */
            when_unknown: "closed" | "open" | "fraction";
            /** @description End a stream that reaches what was reserved for it when there is no more. */
            ends_at_limit: boolean;
            /** @description Tokens issued before it are refused. */
            tokens_not_before: components["schemas"]["Time"] | null;
            /** @description What is kept of what its requests say; null: nothing. Operators alone may change it. */
            payload_log: components["schemas"]["PayloadLog"] | null;
            /** @description Try the next key after a provider did not answer in time. */
            retry_after_timeout: boolean;
            /** @description How long a request waits when all keys rest; null: not at all. */
            park_ms: number | null;
            /**
             * @description What becomes of the provider's answer when the caller has gone: cut it, or read it to its end for its usage, within bounds.
             * @enum {string}
             */
            on_abort: "cut" | "drain";
            /** @description null: the gateway's default. */
            drain_ms: number | null;
            /** @description null: the gateway's default. */
            drain_bytes: number | null;
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
            /** @description The key itself. Shown here and never again. */
            key: string;
        };
        /** @description What all client keys of a user may use together. */
        UserLimits: {
            requests_per_second: components["schemas"]["LimitCount"];
            requests_per_minute: components["schemas"]["LimitCount"];
            requests_per_day: components["schemas"]["LimitCount"];
            tokens_per_minute: components["schemas"]["LimitCount"];
            tokens_per_day: components["schemas"]["LimitCount"];
            cost_per_day: components["schemas"]["LimitUsd"];
            cost_per_month: components["schemas"]["LimitUsd"];
            max_in_flight: components["schemas"]["LimitCount"];
            time_zone: components["schemas"]["LimitZone"];
        };
        /** @description What changes. */
        UserLimitsPatch: {
            requests_per_second?: components["schemas"]["LimitCount"];
            requests_per_minute?: components["schemas"]["LimitCount"];
            requests_per_day?: components["schemas"]["LimitCount"];
            tokens_per_minute?: components["schemas"]["LimitCount"];
            tokens_per_day?: components["schemas"]["LimitCount"];
            cost_per_day?: components["schemas"]["LimitUsd"];
            cost_per_month?: components["schemas"]["LimitUsd"];
            max_in_flight?: components["schemas"]["LimitCount"];
            time_zone?: components["schemas"]["LimitZone"];
        };
        LimitUse: {
            /** @example tokens_per_minute */
            limit_name: string;
            limit: number | components["schemas"]["Usd"];
            /** @description With what is reserved for requests that run. */
            used: number | components["schemas"]["Usd"];
            used_percent: number;
            resets_at: components["schemas"]["Time"];
        };
        LimitReport: {
            client_key: components["schemas"]["Ref"];
            limits: components["schemas"]["LimitUse"][];
            user_limits: components["schemas"]["LimitUse"][];
        };
        LimitReportList: {
            items: components["schemas"]["LimitReport"][];
            next: null;
        };
        LimitRaise: {
            /** @enum {string} */
            limit_name: "requests_per_day" | "tokens_per_day" | "cost_per_day" | "cost_per_month";
            /**
             * @description By how much: requests, tokens, or USD.
             * @example 100
             */
            amount: string;
        };
        /** @description null: no limit. */
        LimitCount: number | null;
        /** @description A budget in USD; null: none. */
        LimitUsd: components["schemas"]["Usd"] | null;
        /** @description Of its days and months, as `Asia/Kathmandu`; null: UTC. */
        LimitZone: string | null;
        /**
         * @description How the next key of the pool is found.
         * @enum {string}
         */
        Strategy: "round_robin" | "weighted" | "least_in_flight" | "latency" | "priority" | "health" | "sticky";
        /** @description What the strategy sticky sticks to. It yields when that key cannot serve. */
        Sticky: {
            /**
             * @description A header; the body's `user` or `metadata.user_id`; or its `prompt_cache_key`.
             * @enum {string}
             */
            source: "header" | "user" | "prompt_cache_key";
            /** @description The header's name, for the source header. */
            header?: string | null;
        };
        KeyUsage: {
            name: string;
            prefix: string;
            is_enabled: boolean;
            expires_at: components["schemas"]["Time"] | null;
            /** @description Its own, live, on this node. */
            limits: components["schemas"]["LimitUse"][];
            today: components["schemas"]["KeyUsageSum"];
            month: components["schemas"]["KeyUsageSum"];
            days: components["schemas"]["TrendDay"][];
            /** @description Of the latest 10,000 requests in these days, the models with the most of them. */
            models: {
                model: string | null;
                requests: number;
                tokens: number;
                cost: components["schemas"]["Usd"];
            }[];
        };
        KeyUsageSum: {
            requests: number;
            tokens: number;
            cost: components["schemas"]["Usd"];
        };
        /** @description Texts are kept, sealed, for as many days as the settings say. Paths, patterns and the built-in rules hide what must not be seen before anything is stored. */
        PayloadLog: {
            /**
             * @default both
             * @enum {string}
             */
            parts?: "request" | "answer" | "both";
            /** @description Of each text; what is beyond is cut. null: 65536. */
            max_bytes?: number | null;
            /**
             * @description Hide what looks like a credential, members named like one, and long base64 (images, sound).
             * @default true
             */
            hide_defaults?: boolean;
            /** @description Values in JSON, as `messages[].content`; `*` is any name, `**.email` any depth. */
            hide_paths?: string[];
            /** @description Texts, as `ACME-####-*`: `#` is a digit, `?` a character, `*` any number of them, `\` takes the next one as it is. */
            hide_patterns?: string[];
        };
        TracePayload: {
            request_id: string;
            client_key_id: components["schemas"]["Id"];
            started_at: components["schemas"]["Time"];
            kept_until: components["schemas"]["Time"];
            request: components["schemas"]["KeptText"] | null;
            answer: components["schemas"]["KeptText"] | null;
        };
        KeptText: {
            text: string;
            content_type: string;
            /** @description That passed, coded as they were. */
            bytes: number;
            /** @description Places where something was hidden. */
            hidden: number;
            /** @description There was more. */
            is_cut: boolean;
            /** @description It is no text: nothing of it is kept. */
            is_binary: boolean;
        };
        /** @description What an answer means, ahead of the built-in table. All that is there must match. */
        VerdictRule: {
            status?: number | null;
            /** @description The error's type, code, status or reason, in any case. */
            name?: string | null;
            /** @description Stands in the error's message, in any case. */
            text?: string | null;
            /** @enum {string} */
            verdict: "client" | "key_dead" | "key_quota" | "key_rate" | "busy" | "retry";
            /**
             * @description What rests; null: as the verdict has it.
             * @enum {string|null}
             */
            scope?: "none" | "key" | "key_model" | "provider" | "egress" | null;
            rest_ms?: number | null;
        };
        /** @description Where the model is said. The first rule that gives one counts. */
        ModelRule: {
            /** @enum {string} */
            source: "body" | "path" | "query";
            /** @description Of the body: the path of a JSON string; of the path: the segment before it; of the query: the parameter. */
            name: string;
        };
        /** @description A rotation. */
        ClientKeyRotation: {
            /** @description How long the key that was goes on to work. */
            grace_ms: number;
        };
        /** @description Who may get tokens of callers by client credentials. */
        OAuthClient: {
            id: components["schemas"]["Id"];
            /** @description Unique. */
            name: string;
            client_id: string;
            /** @description The client key that its tokens stand for. */
            client_key_id: components["schemas"]["Id"];
            /** @description How long a token lives. */
            token_lifetime_s: number;
            is_enabled: boolean;
            expires_at: components["schemas"]["Time"] | null;
            /** @description Until when the secret before the last rotation works. */
            previous_until: components["schemas"]["Time"] | null;
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
        };
        /** @description A new OAuth client. */
        OAuthClientCreate: {
            /** @description Unique. */
            name: string;
            /** @description The client key that its tokens stand for. */
            client_key_id: components["schemas"]["Id"];
            /**
             * @description How long a token lives.
             * @default 3600
             */
            token_lifetime_s?: number;
            /** @default true */
            is_enabled?: boolean;
            expires_at?: components["schemas"]["Time"] | null;
        };
        /** @description A change of an OAuth client. */
        OAuthClientPatch: {
            /** @description Unique. */
            name?: string;
            /** @description The client key that its tokens stand for. */
            client_key_id?: components["schemas"]["Id"];
            /** @description How long a token lives. */
            token_lifetime_s?: number;
            is_enabled?: boolean;
            expires_at?: components["schemas"]["Time"] | null;
        };
        /** @description An OAuth client with its secret. */
        OAuthClientCreated: {
            id: components["schemas"]["Id"];
            /** @description Unique. */
            name: string;
            client_id: string;
            /** @description The client key that its tokens stand for. */
            client_key_id: components["schemas"]["Id"];
            /** @description How long a token lives. */
            token_lifetime_s: number;
            is_enabled: boolean;
            expires_at: components["schemas"]["Time"] | null;
            /** @description Until when the secret before the last rotation works. */
            previous_until: components["schemas"]["Time"] | null;
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
            /** @description Shown here and never again. */
            client_secret: string;
        };
        /** @description RFC 6749 section 4.4. The client may show its id and secret in the header Authorization (Basic) instead. */
        TokenRequest: {
            /** @enum {string} */
            grant_type: "client_credentials";
            client_id?: string;
            client_secret?: string;
        } & {
            [key: string]: unknown;
        };
        /** @description RFC 7009. The client shows who it is as for a token. */
        RevocationRequest: {
            token: string;
            token_type_hint?: string;
            client_id?: string;
            client_secret?: string;
        } & {
            [key: string]: unknown;
        };
        /** @description RFC 6749 section 5.1. */
        CallerToken: {
            /** @description A signed JWT: callers send it in place of a client key. */
            access_token: string;
            /** @enum {string} */
            token_type: "Bearer";
            /** @description Seconds. */
            expires_in: number;
        };
        /** @description Nothing. */
        Revoked: Record<string, never>;
        /** @description RFC 6749 section 5.2. */
        OAuthError: {
            /** @enum {string} */
            error: "invalid_request" | "invalid_client" | "invalid_grant" | "unauthorized_client" | "unsupported_grant_type" | "invalid_scope";
            error_description: string;
        };
        /** @description Which client key a value of the claim stands for. */
        ClaimClient: {
            value: string;
            client_key_id: components["schemas"]["Id"];
        };
        /** @description What verifies an issuer's tokens. The key itself is not shown. */
        VerificationKey: {
            id: components["schemas"]["Id"];
            /** @description null: for tokens that name none. */
            kid: string | null;
            /** @enum {string} */
            algorithm: "HS256" | "RS256" | "ES256" | "EdDSA";
            /** @description It came from the key set. */
            is_fetched: boolean;
            created_at: components["schemas"]["Time"];
        };
        /** @description A key that stays, by its id; or a new one: a public key or certificate in PEM (RSA, P-256 or Ed25519, which decides the algorithm), or a secret of HS256. */
        GivenKey: {
            id?: components["schemas"]["Id"];
            kid?: string | null;
            pem?: string;
            secret?: string;
        };
        /** @description Who signs tokens that callers may show in place of a client key. */
        Issuer: {
            id: components["schemas"]["Id"];
            /** @description Unique. */
            name: string;
            /** @description `iss` of its tokens; unique. */
            issuer: string;
            /** @description One of them must be in `aud`. Empty: not asked. */
            audiences: string[];
            /** @description By how much its clock may differ. */
            skew_s: number;
            /** @description Whose value says which client key a token stands for. */
            claim: string;
            clients: components["schemas"]["ClaimClient"][];
            keys: components["schemas"]["VerificationKey"][];
            /** @description Where its key set is (RFC 7517). */
            jwks_url: string | null;
            jwks_fetched_at: components["schemas"]["Time"] | null;
            /** @description Past that a token with an unknown key id gets 503: the key set may be stale. */
            jwks_fresh_until: components["schemas"]["Time"] | null;
            /** @description Why it could not be fetched last. */
            jwks_error: string | null;
            is_enabled: boolean;
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
        };
        /** @description A new issuer. */
        IssuerCreate: {
            /** @description Unique. */
            name: string;
            /** @description `iss` of its tokens; unique. */
            issuer: string;
            /** @description One of them must be in `aud`. Empty: not asked. */
            audiences?: string[];
            /**
             * @description By how much its clock may differ.
             * @default 30
             */
            skew_s?: number;
            /**
             * @description Whose value says which client key a token stands for.
             * @default sub
             */
            claim?: string;
            clients?: components["schemas"]["ClaimClient"][];
            /** @description All that are given; fetched ones are not touched. */
            keys?: components["schemas"]["GivenKey"][];
            /** @description Where its key set is (RFC 7517). */
            jwks_url?: string | null;
            /** @default true */
            is_enabled?: boolean;
        };
        /** @description A change of an issuer. */
        IssuerPatch: {
            /** @description Unique. */
            name?: string;
            /** @description `iss` of its tokens; unique. */
            issuer?: string;
            /** @description One of them must be in `aud`. Empty: not asked. */
            audiences?: string[];
            /** @description By how much its clock may differ. */
            skew_s?: number;
            /** @description Whose value says which client key a token stands for. */
            claim?: string;
            clients?: components["schemas"]["ClaimClient"][];
            /** @description All that are given; fetched ones are not touched. */
            keys?: components["schemas"]["GivenKey"][];
            /** @description Where its key set is (RFC 7517). */
            jwks_url?: string | null;
            is_enabled?: boolean;
        };
        /** @description What holds for the whole data plane. */
        Settings: {
            /** @description Who may call from a browser: `*` or as `https://app.example`. Empty: nobody. */
            cors_origins: string[];
            /** @description Pass W3C trace context on, both ways. */
            traceparent: boolean;
            /** @description For how long texts of requests are kept, where a client key has them kept. */
            payload_days: number;
            /** @description Whoever holds a client key may see what it used. */
            usage_page: boolean;
            updated_at: components["schemas"]["Time"];
        };
        /** @description A change of settings. */
        SettingsPatch: {
            cors_origins?: string[];
            traceparent?: boolean;
            payload_days?: number;
            usage_page?: boolean;
        };
        /** @description The ways in that are open. */
        Authentication: {
            /** @description Client keys. */
            client_keys: boolean;
            /** @description Tokens of the issuers. */
            jwt: boolean;
            /** @description Tokens of our own token endpoint. */
            oauth: boolean;
            updated_at: components["schemas"]["Time"];
        };
        /** @description A change of the ways in. */
        AuthenticationPatch: {
            client_keys?: boolean;
            jwt?: boolean;
            oauth?: boolean;
        };
        /** @description A local day. */
        TrendDay: {
            /** Format: date */
            date: string;
            requests: number;
            tokens: number;
            cost: components["schemas"]["Usd"];
        };
        /** @description Sums over local days. The README of the daemon defines each. */
        KeyStats: {
            from: components["schemas"]["Time"];
            to: components["schemas"]["Time"];
            requests: number;
            successes: number;
            rejected: number;
            failed: number;
            aborted: number;
            /** @description Null without requests. */
            success_rate: number | null;
            attempts: number;
            tokens: number;
            input_tokens: number;
            output_tokens: number;
            cache_read_tokens: number;
            cache_write_tokens: number;
            reasoning_tokens: number;
            cost: components["schemas"]["Usd"];
            unpriced: number;
            average_ms: number | null;
            first_byte_ms: number | null;
            p50_ms: number | null;
            p90_ms: number | null;
            p99_ms: number | null;
            errors: {
                class: string;
                requests: number;
            }[];
        };
        /** @description One request, as the list shows it. */
        Trace: {
            /** @description Null while it runs. */
            id: number | null;
            started_at: components["schemas"]["Time"];
            method: string;
            path: string;
            /** @enum {string} */
            dialect: "openai_chat" | "anthropic_messages" | "gemini_content" | "openai_responses" | "openai_completions" | "openai_embeddings" | "openai_images" | "openai_audio" | "openai_moderations" | "openai_batches" | "openai_realtime" | "anthropic_count_tokens" | "anthropic_batches" | "gemini_count_tokens" | "gemini_embeddings" | "gemini_interactions" | "gemini_live" | "bedrock_converse" | "bedrock_invoke" | "cohere" | "ollama" | "other";
            /** @description As asked for. */
            model: string | null;
            streaming: boolean;
            /** @description What the caller got; 0: nothing. */
            status: number;
            /** @enum {string} */
            outcome: "success" | "rejected" | "failed" | "aborted" | "running";
            /**
             * @description Why the gateway refused or failed.
             * @example auth.unknown_key
             */
            error_code: string | null;
            /**
             * @description In one word; null for a success.
             * @example rate_limited
             */
            error_class: string | null;
            client_key: components["schemas"]["Ref"] | null;
            provider: components["schemas"]["Ref"] | null;
            provider_key: components["schemas"]["Ref"] | null;
            input_tokens: number | null;
            output_tokens: number | null;
            cost_usd: components["schemas"]["Usd"] | null;
            /** @enum {string} */
            usage_source: "reported" | "partial" | "estimated" | "drained" | "repeated" | "none";
            attempts: number;
            first_byte_ms: number | null;
            duration_ms: number;
        };
        /** @description Token counts; null: not said by the provider. */
        Usage: {
            input_tokens: number | null;
            cache_read_tokens: number | null;
            cache_write_5m_tokens: number | null;
            cache_write_1h_tokens: number | null;
            cache_write_30m_tokens: number | null;
            cache_write_12h_tokens: number | null;
            output_tokens: number | null;
            reasoning_tokens: number | null;
            /** @description Counts that few requests have; absent: not said. */
            more: components["schemas"]["Counts"];
            /**
             * @description The class of service that answered.
             * @enum {string|null}
             */
            tier: "standard" | "priority" | "flex" | "batch" | "fast" | "provisioned" | "off_peak" | null;
            /** @enum {string|null} */
            geo: "global" | "us" | "eu" | null;
            /** @description What other models used within the same answer. */
            others: {
                /** @description Empty: the one that was asked for. */
                model: string;
                counts: components["schemas"]["Counts"];
            }[];
            /** @description As the provider states it; it wins over the price table. */
            provider_cost_usd: components["schemas"]["Usd"] | null;
        };
        /**
         * @description Tokens of a modality, calls of tools, pieces and milliseconds, by name.
         * @example {
         *       "input_audio": 12,
         *       "web_searches": 1
         *     }
         */
        Counts: {
            [key: string]: number;
        };
        /** @description How a cost comes about: the sum of the lines, those of tokens times both factors. */
        Bill: {
            /** @enum {string} */
            state: "priced" | "provider" | "no_usage" | "no_price" | "too_great";
            lines: {
                /** @example cache_read */
                what: string;
                quantity: number;
                price_usd: components["schemas"]["Usd"];
                /** @description What the price is of; 3600000 of milliseconds. */
                per: number;
                /**
                 * @description A factor of this line alone.
                 * @example 2/1
                 */
                scale: string | null;
                amount_usd: components["schemas"]["Usd"];
            }[];
            /** @example 1/2 */
            service_factor: string | null;
            /** @example 11/10 */
            place_factor: string | null;
            /** @description The prices of long prompts were taken. */
            long_context: boolean;
            /** @description What has no price. */
            missing: string | null;
        };
        /** @description One try against one provider key. */
        Attempt: {
            number: number;
            provider: components["schemas"]["Ref"];
            provider_key: components["schemas"]["Ref"];
            address: string;
            status: number | null;
            /** @enum {string} */
            result: "passed" | "next" | "failed";
            /** @enum {string|null} */
            class: "credential" | "rate_limited" | "unavailable" | "unreachable" | "timeout" | "invalid_answer" | "quota" | "busy" | "model" | null;
            /** @description After the request's start. */
            started_ms: number;
            connect_ms: number | null;
            first_byte_ms: number | null;
            duration_ms: number;
            /** @description A kept-alive connection. */
            reused: boolean;
            /** @description How long the key was set to rest. */
            rest_ms: number | null;
            /** @description The provider may have run it all the same. */
            uncertain: boolean;
            /**
             * @description What the answer means; null: nothing was wrong.
             * @enum {string|null}
             */
            verdict: "client" | "key_dead" | "key_quota" | "key_rate" | "busy" | "retry" | null;
            /**
             * @description What was set to rest.
             * @enum {string|null}
             */
            scope: "key" | "key_model" | "provider" | "egress" | null;
            /** @description What the provider calls its error. */
            error_name: string | null;
            /** @description The one request after the key's rest. */
            trial: boolean;
            /** @description For a key, before it began. */
            waited_ms: number | null;
        };
        /** @description Which provider keys were considered, and why others were not. */
        Decision: {
            /** @enum {string} */
            strategy: "round_robin" | "weighted" | "least_in_flight" | "latency" | "priority" | "health" | "sticky";
            candidates: number;
            /** @description Those that could serve, best first. Absent in records of older versions. */
            ranked?: {
                provider_key: components["schemas"]["Ref"];
                /** @description What the strategy went by; the least is best. */
                score: number;
            }[];
            /**
             * @description Whether it got the key it sticks to.
             * @enum {string|null}
             */
            sticky?: "kept" | "yielded" | null;
            /** @description How long it waited for a key, in all. */
            parked_ms?: number | null;
            excluded: {
                provider_key: components["schemas"]["Ref"];
                /** @enum {string} */
                reason: "disabled" | "expired" | "resting" | "other_provider" | "tried" | "restriction" | "foreign_slot" | "unresolved" | "credential" | "own_limit" | "full" | "not_allowed" | "model_resting" | "provider_resting" | "trial" | "owner" | "refreshing";
                until: components["schemas"]["Time"] | null;
            }[];
        };
        /** @description One request, whole. */
        TraceDetail: {
            id: number;
            started_at: components["schemas"]["Time"];
            method: string;
            path: string;
            /** @enum {string} */
            dialect: "openai_chat" | "anthropic_messages" | "gemini_content" | "openai_responses" | "openai_completions" | "openai_embeddings" | "openai_images" | "openai_audio" | "openai_moderations" | "openai_batches" | "openai_realtime" | "anthropic_count_tokens" | "anthropic_batches" | "gemini_count_tokens" | "gemini_embeddings" | "gemini_interactions" | "gemini_live" | "bedrock_converse" | "bedrock_invoke" | "cohere" | "ollama" | "other";
            /** @description As asked for. */
            model: string | null;
            streaming: boolean;
            /** @description What the caller got; 0: nothing. */
            status: number;
            /** @enum {string} */
            outcome: "success" | "rejected" | "failed" | "aborted";
            /**
             * @description Why the gateway refused or failed.
             * @example auth.unknown_key
             */
            error_code: string | null;
            /**
             * @description In one word; null for a success.
             * @example rate_limited
             */
            error_class: string | null;
            client_key: components["schemas"]["Ref"] | null;
            provider: components["schemas"]["Ref"] | null;
            provider_key: components["schemas"]["Ref"] | null;
            input_tokens: number | null;
            output_tokens: number | null;
            cost_usd: components["schemas"]["Usd"] | null;
            /** @enum {string} */
            usage_source: "reported" | "partial" | "estimated" | "drained" | "repeated" | "none";
            attempts: number;
            first_byte_ms: number | null;
            duration_ms: number;
            /** Format: uuid */
            request_id: string;
            client_ip: string;
            user_agent: string;
            model_served: string | null;
            usage: components["schemas"]["Usage"];
            price_version_id: number | null;
            config_generation: number;
            request_bytes: number;
            response_bytes: number;
            ended_at: components["schemas"]["Time"];
            provider_request_id: string | null;
            attempt_list: components["schemas"]["Attempt"][];
            decision: components["schemas"]["Decision"] | null;
            bill: components["schemas"]["Bill"] | null;
            /**
             * @description What became of the answer when the caller left.
             * @enum {string|null}
             */
            on_abort: "cut" | "drained" | "drain_cut" | null;
            /** @description Read after it had left. */
            drained_bytes: number | null;
            /** @description By which tokens were estimated, in millionths. */
            calibration: {
                ppm: number;
                error_ppm: number;
            } | null;
            /** @description An answer that was made before was fetched. */
            stored: boolean;
            /** @description The provider's, of an answer that it keeps. */
            response_id: string | null;
        };
        /** @description A request that runs on this node now. */
        RunningRequest: {
            /** Format: uuid */
            request_id: string;
            started_at: components["schemas"]["Time"];
            model: string | null;
            /** @enum {string} */
            dialect: "openai_chat" | "anthropic_messages" | "gemini_content" | "openai_responses" | "openai_completions" | "openai_embeddings" | "openai_images" | "openai_audio" | "openai_moderations" | "openai_batches" | "openai_realtime" | "anthropic_count_tokens" | "anthropic_batches" | "gemini_count_tokens" | "gemini_embeddings" | "gemini_interactions" | "gemini_live" | "bedrock_converse" | "bedrock_invoke" | "cohere" | "ollama" | "other";
            client_key: components["schemas"]["Ref"] | null;
            provider_key: components["schemas"]["Ref"] | null;
            attempts: number;
        };
        /** @description What a rule found about one subject, from its start to its end. */
        Alert: {
            id: components["schemas"]["Id"];
            /** @description It may be gone. */
            rule: components["schemas"]["Ref"];
            kind: components["schemas"]["AlertKindName"];
            /** @enum {string} */
            severity: "warning" | "critical";
            /** @enum {string} */
            state: "firing" | "acknowledged" | "resolved";
            subject: components["schemas"]["AlertSubject"];
            /**
             * @description What value and threshold count.
             * @enum {string}
             */
            unit: "none" | "count" | "percent" | "usd" | "seconds" | "mebibytes";
            /** @description A decimal number of the unit. */
            value: string | null;
            /** @description A decimal number of the unit. */
            threshold: string | null;
            /** @description A word (the class of a rest, the limit) or a sentence, as the kind has it. */
            reason: string | null;
            /** @description How often it came back within the cool-down; 1: it did not. */
            times: number;
            started_at: components["schemas"]["Time"];
            last_seen_at: components["schemas"]["Time"];
            resolved_at: components["schemas"]["Time"] | null;
            acknowledged_at: components["schemas"]["Time"] | null;
            acknowledged_by: string | null;
            /** @description When channels were told of its beginning last. */
            told_at: components["schemas"]["Time"] | null;
        };
        /** @description What an alert is about. */
        AlertSubject: {
            /** @enum {string} */
            type: "provider_key" | "client_key" | "model" | "issuer" | "node" | "task" | "gateway";
            /** @description Its id as text; empty for the gateway. */
            id: string;
            /** @description As it was called when the alert began. */
            name: string;
        };
        /** @description A page of alerts. */
        AlertList: {
            items: components["schemas"]["Alert"][];
            /** @description Cursor of the next page; null: this is the last. */
            next: string | null;
        };
        /** @enum {string} */
        AlertKindName: "provider_key_rests" | "provider_key_refused" | "provider_key_sign_in" | "provider_key_expires" | "probe_failing" | "pool_low" | "provider_key_errors" | "client_key_errors" | "client_key_limit" | "cost_per_day" | "client_key_cost_per_day" | "ledger_lag" | "spool_size" | "records_lost" | "records_refused" | "model_unpriced" | "issuer_keys" | "task_failing";
        /** @description What a rule can watch. */
        AlertKind: {
            kind: components["schemas"]["AlertKindName"];
            /**
             * @description What value and threshold count.
             * @enum {string}
             */
            unit: "none" | "count" | "percent" | "usd" | "seconds" | "mebibytes";
            /** @description Null: there is none. */
            threshold: components["schemas"]["AlertThresholdBounds"] | null;
            /** @description Null: there is none. */
            window_s: components["schemas"]["AlertWindowBounds"] | null;
        };
        /** @description Bounds of a threshold, in the unit. */
        AlertThresholdBounds: {
            minimum: string;
            maximum: string;
            default: string;
        };
        /** @description Bounds of a window, in seconds. */
        AlertWindowBounds: {
            minimum: number;
            maximum: number;
            default: number;
        };
        /** @description All kinds of rules. */
        AlertKindList: {
            items: components["schemas"]["AlertKind"][];
            /** @description Cursor of the next page; null: this is the last. */
            next: string | null;
        };
        /** @description What is watched, and who is told. */
        AlertRule: {
            id: components["schemas"]["Id"];
            /** @description Unique. */
            name: string;
            kind: components["schemas"]["AlertKindName"];
            /** @enum {string} */
            severity: "warning" | "critical";
            /**
             * @description What value and threshold count.
             * @enum {string}
             */
            unit: "none" | "count" | "percent" | "usd" | "seconds" | "mebibytes";
            /** @description A decimal number of the unit. */
            threshold: string | null;
            /** @description Seconds: how far back the kind looks, how long something must last, or how far ahead. Kinds without a window refuse it. */
            window_s: number | null;
            /** @description Seconds within which channels hear of the same subject once. */
            cooldown_s: number;
            /** @description Who is told. Empty: the console shows it, nobody is told. */
            channel_ids: components["schemas"]["Id"][];
            is_enabled: boolean;
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
        };
        /** @description A new rule. */
        AlertRuleCreate: {
            /** @description Unique. */
            name: string;
            kind: components["schemas"]["AlertKindName"];
            /**
             * @default warning
             * @enum {string}
             */
            severity?: "warning" | "critical";
            /** @description From this value on, a decimal number in the kind's unit; of pool_low up to it. Kinds without a threshold refuse it. */
            threshold?: string;
            /** @description Seconds: how far back the kind looks, how long something must last, or how far ahead. Kinds without a window refuse it. */
            window_s?: number;
            /**
             * @description Seconds within which channels hear of the same subject once.
             * @default 3600
             */
            cooldown_s?: number;
            /** @description Who is told. Empty: the console shows it, nobody is told. */
            channel_ids?: components["schemas"]["Id"][];
            /** @default true */
            is_enabled?: boolean;
        };
        /** @description A change of a rule. */
        AlertRulePatch: {
            /** @description Unique. */
            name?: string;
            /** @description It stays as it is. */
            kind?: components["schemas"]["AlertKindName"];
            /** @enum {string} */
            severity?: "warning" | "critical";
            /** @description From this value on, a decimal number in the kind's unit; of pool_low up to it. Kinds without a threshold refuse it. */
            threshold?: string;
            /** @description Seconds: how far back the kind looks, how long something must last, or how far ahead. Kinds without a window refuse it. */
            window_s?: number;
            /** @description Seconds within which channels hear of the same subject once. */
            cooldown_s?: number;
            /** @description Who is told. Empty: the console shows it, nobody is told. */
            channel_ids?: components["schemas"]["Id"][];
            is_enabled?: boolean;
        };
        /** @description A page of rules. */
        AlertRuleList: {
            items: components["schemas"]["AlertRule"][];
            /** @description Cursor of the next page; null: this is the last. */
            next: string | null;
        };
        /** @description Whom alerts are told: a webhook or mail. */
        AlertChannel: {
            id: components["schemas"]["Id"];
            /** @description Unique. */
            name: string;
            /** @enum {string} */
            kind: "webhook" | "mail";
            /** @description Scheme, host and port of the URL; the rest is never shown. */
            target: string;
            has_secret: boolean;
            /** @description Of the mail server; null: no sign-in. */
            username: string | null;
            /** @description Of mail: without TLS nothing is sent. */
            require_tls: boolean;
            /** @description Mail address of the sender; null for webhooks. */
            mail_from: string | null;
            /** @description Mail addresses of the receivers; empty for webhooks. */
            mail_to: string[];
            is_enabled: boolean;
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
        };
        /** @description A new channel. */
        AlertChannelCreated: {
            id: components["schemas"]["Id"];
            /** @description Unique. */
            name: string;
            /** @enum {string} */
            kind: "webhook" | "mail";
            /** @description Scheme, host and port of the URL; the rest is never shown. */
            target: string;
            has_secret: boolean;
            /** @description Of the mail server; null: no sign-in. */
            username: string | null;
            /** @description Of mail: without TLS nothing is sent. */
            require_tls: boolean;
            /** @description Mail address of the sender; null for webhooks. */
            mail_from: string | null;
            /** @description Mail addresses of the receivers; empty for webhooks. */
            mail_to: string[];
            is_enabled: boolean;
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
            /** @description What signs its messages, when it was made here; shown once. */
            secret: string | null;
        };
        /** @description A new channel. */
        AlertChannelCreate: {
            /** @description Unique. */
            name: string;
            /** @enum {string} */
            kind: "webhook" | "mail";
            /** @description https://… of a webhook, smtp://host[:port] or smtps://host[:port] of a mail server. Never shown again. */
            url: string;
            /** @description What signs a webhook (whsec_ and base64, or 24 characters at least), or the password of mail. Never shown. */
            secret?: string | null;
            /** @description Of the mail server; null: no sign-in. */
            username?: string | null;
            /**
             * @description Of mail: without TLS nothing is sent.
             * @default true
             */
            require_tls?: boolean;
            /** @description Mail address of the sender; null for webhooks. */
            mail_from?: string | null;
            /** @description Mail addresses of the receivers; empty for webhooks. */
            mail_to?: string[];
            /** @default true */
            is_enabled?: boolean;
        };
        /** @description A change of a channel. For another host the secret has to be given again. */
        AlertChannelPatch: {
            /** @description Unique. */
            name?: string;
            /** @enum {string} */
            kind?: "webhook" | "mail";
            /** @description https://… of a webhook, smtp://host[:port] or smtps://host[:port] of a mail server. Never shown again. */
            url?: string;
            /** @description What signs a webhook (whsec_ and base64, or 24 characters at least), or the password of mail. Never shown. */
            secret?: string | null;
            /** @description Of the mail server; null: no sign-in. */
            username?: string | null;
            /** @description Of mail: without TLS nothing is sent. */
            require_tls?: boolean;
            /** @description Mail address of the sender; null for webhooks. */
            mail_from?: string | null;
            /** @description Mail addresses of the receivers; empty for webhooks. */
            mail_to?: string[];
            is_enabled?: boolean;
        };
        /** @description A page of channels. */
        AlertChannelList: {
            items: components["schemas"]["AlertChannel"][];
            /** @description Cursor of the next page; null: this is the last. */
            next: string | null;
        };
        /** @description A message to a channel. */
        AlertDelivery: {
            id: components["schemas"]["Id"];
            /** @description The same each time it is sent. */
            message_id: string;
            channel_id: components["schemas"]["Id"];
            /** @description Null: a test. */
            alert_id: components["schemas"]["Id"] | null;
            /** @enum {string} */
            event: "firing" | "resolved" | "test";
            /** @enum {string} */
            state: "waiting" | "delivered" | "failed";
            attempts: number;
            /** @description Why the last attempt failed. */
            error: string | null;
            next_at: components["schemas"]["Time"] | null;
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
        };
        /** @description A page of messages. */
        AlertDeliveryList: {
            items: components["schemas"]["AlertDelivery"][];
            /** @description Cursor of the next page; null: this is the last. */
            next: string | null;
        };
        /** @description A background task of one node. */
        Task: {
            /**
             * @example ingest
             * @example probes
             * @example retention
             */
            name: string;
            node_id: string;
            /** @description Which node does it for all; null: each does it for itself, or no node has done it yet. */
            lease: components["schemas"]["TaskLease"] | null;
            /** @description Since the daemon began. */
            runs: number;
            /** @description In a row. */
            failures: number;
            started_at: components["schemas"]["Time"] | null;
            ended_at: components["schemas"]["Time"] | null;
            succeeded_at: components["schemas"]["Time"] | null;
            /** @description Of the last run that ended. */
            duration_us: number | null;
            /** @description Why the last run failed. */
            error: string | null;
            next_at: components["schemas"]["Time"] | null;
        };
        /** @description Who does a task for all nodes. */
        TaskLease: {
            node_id: string;
            /** @description Null: it was given back, and whoever comes first has it. */
            held_until: components["schemas"]["Time"] | null;
        };
        /** @description All tasks. */
        TaskList: {
            items: components["schemas"]["Task"][];
            /** @description Cursor of the next page; null: this is the last. */
            next: string | null;
        };
        /** @description What operators want to know and no record tells. */
        Event: {
            id: number;
            occurred_at: components["schemas"]["Time"];
            /**
             * @description What happened. New kinds may come. record.refused: bytes of the ledger that no database took were set aside. worker.died: a worker ended without finishing its requests. attempt.next: an attempt failed and another one followed; a hundred a second and worker are told, all are in the records. key.rest: a key, a key for one model or a provider began to rest. key.ready: the trial after a rest was good. snapshot.refused: a worker did not take a configuration. key.refresh_failed: a token could not be renewed, and is tried again. key.sign_in_needed, key.refused: it cannot be renewed without a person.
             * @example record.refused
             * @example worker.died
             * @example attempt.next
             * @example key.rest
             * @example key.ready
             * @example snapshot.refused
             */
            kind: string;
            /** @description Where it happened. */
            node_id: string;
            /** @description The request in which it happened, if one did. */
            request_id: string | null;
            client_key: components["schemas"]["Ref"] | null;
            provider: components["schemas"]["Ref"] | null;
            provider_key: components["schemas"]["Ref"] | null;
            /** @description For people. */
            detail: string;
        };
        /** @description A page of events. */
        EventList: {
            items: components["schemas"]["Event"][];
            /** @description Cursor of the next page; null: this is the last. */
            next: string | null;
        };
        Node: {
            node_id: string;
            /** @description The setting node_name. */
            name: string;
            /** @description Of its daemon. */
            version: string;
            started_at: components["schemas"]["Time"];
            seen_at: components["schemas"]["Time"];
            /** @description Since its daemon reported last, which it does every 2 s. */
            silent_ms: number;
            /** @description That it published last; generations are of each node. */
            generation: number;
            /** @description Of the configuration in it: nodes with the same one serve the same. */
            config_version: number;
            /** @description The node that answers. */
            is_this: boolean;
        };
        NodeList: {
            items: components["schemas"]["Node"][];
            next: null;
        };
        Oidc: {
            is_enabled: boolean;
            /** @description Of the provider, for the button. */
            name: string | null;
        };
        OidcBegun: {
            authorize_url: string;
        };
        /** @description An account at an OpenID provider. */
        Identity: {
            issuer: string;
            subject: string;
            created_at: components["schemas"]["Time"];
        };
        IdentityList: {
            items: components["schemas"]["Identity"][];
            next: null;
        };
        /** @description The query of the address that the browser came back to: a code, or an error in its place. */
        OidcReturn: {
            state: string;
            code?: string;
            error?: string;
        };
        OidcExchanging: {
            /** @enum {string} */
            state: "exchanging";
        };
        OidcRole: {
            /** @description Of the claim; * is any, and none. */
            value: string;
            /** @enum {string} */
            role: "admin" | "operator" | "viewer" | "user";
        };
        OidcSettings: {
            is_enabled: boolean;
            name: string;
            issuer: string;
            client_id: string;
            has_client_secret: boolean;
            scopes: string[];
            role_claim: string;
            roles: components["schemas"]["OidcRole"][];
            email_domains: string[];
            creates_users: boolean;
            /** @description Its discovery document was read: people can sign in. */
            is_ready: boolean;
            /** @description Why it could not be read the last time. */
            error: string | null;
            updated_at: components["schemas"]["Time"];
        };
        OidcSettingsPatch: {
            is_enabled?: boolean;
            /** @description For the button of the sign-in page. */
            name?: string;
            /** @description As it stands in the provider's tokens; its discovery document is below it. */
            issuer?: string;
            client_id?: string;
            /** @description Never shown again; null: a public client. */
            client_secret?: string | null;
            scopes?: string[];
            /** @description A claim of the ID token that is a string or a list of strings; a dot leads into an object, as in realm_access.roles. */
            role_claim?: string;
            /** @description The first whose value is in the claim gives the role. */
            roles?: components["schemas"]["OidcRole"][];
            /** @description Only verified addresses of these domains; empty: anybody. */
            email_domains?: string[];
            /** @description Whether somebody new gets a user here. The role of such users follows the claim at each sign-in. */
            creates_users?: boolean;
        };
        /** @description This node. */
        SystemStatus: {
            version: string;
            started_at: components["schemas"]["Time"];
            node_id: string;
            node_name: string;
            /** @enum {string} */
            database: "sqlite" | "postgres";
            config_generation: number;
            /** @description Of the configuration in the database that this node publishes. */
            config_version: number;
            /** @description How long ago the database said that it has no newer one. It is asked every 250 ms; null: not since this node's state file was made. */
            config_age_ms: number | null;
            snapshot: {
                generation: number;
                bytes: number;
                published_at: components["schemas"]["Time"] | null;
                /** @description Why the last publication failed. */
                error: string | null;
            };
            state: {
                columns_in_use: number;
                /** @description The file has room for so many keys; it grows. */
                slots: number;
                /** @description Of client keys and provider keys. */
                slots_in_use: number;
                in_flight: number;
            };
            ledger: {
                segments: number;
                bytes: number;
                spool_bytes: number;
                /** @description Seen in the ledger and not in the database. */
                waiting_bytes: number;
                lag_ms: number;
                records_ingested: number;
                records_lost: number;
                payloads_dropped: number;
                records_refused: number;
                /** @description By nginx, for want of room to record them. */
                requests_refused: number;
            };
            machine: components["schemas"]["MachineFigures"];
            daemon: components["schemas"]["ProcessFigures"];
            workers: components["schemas"]["WorkerFigures"][];
            /**
             * @description null: limits are not shared by Redis.
             * @enum {string|null}
             */
            redis: "answers" | "away" | null;
        };
        /** @description A process of this node. */
        ProcessFigures: {
            pid: number;
            /** @description Used since it started; null: its /proc cannot be seen from here. */
            cpu_ms: number | null;
            /** @description What it shares with no other process. */
            memory_bytes: number | null;
        };
        /** @description A worker of nginx on this node. */
        WorkerFigures: {
            pid: number;
            /** @description As of ProcessFigures. */
            cpu_ms: number | null;
            /** @description As of ProcessFigures. */
            memory_bytes: number | null;
            /** @description The oldest that it serves. */
            generation: number;
            started_at: components["schemas"]["Time"];
            requests_running: number;
            /** @description To providers. */
            idle_connections: number;
        };
        /** @description The machine that this node is on. */
        MachineFigures: {
            cpus: number;
            /** @description Of the last minute. */
            load: number;
            memory_bytes: number;
            /** @description What programs may still have. */
            memory_free_bytes: number;
            /** @description Where the daemon's dir is: database of SQLite, spool, exports. */
            dir: components["schemas"]["FolderFigures"] | null;
            /** @description Where the run_dir is, on tmpfs: ledger and snapshots. */
            run_dir: components["schemas"]["FolderFigures"] | null;
        };
        /** @description A file system. */
        FolderFigures: {
            bytes: number;
            free_bytes: number;
        };
        /** @description USD per million tokens; null: no price of its own. */
        Price: {
            id: components["schemas"]["Id"];
            /** @description The price list. */
            provider: string;
            model: string;
            effective_from: components["schemas"]["Time"] | null;
            input: components["schemas"]["Usd"] | null;
            output: components["schemas"]["Usd"] | null;
            cache_read: components["schemas"]["Usd"] | null;
            cache_write_short: components["schemas"]["Usd"] | null;
            cache_write_long: components["schemas"]["Usd"] | null;
            /** @description Above so many input tokens, the tier's prices hold for the whole request. */
            tier_at: number | null;
            tier_input: components["schemas"]["Usd"] | null;
            tier_output: components["schemas"]["Usd"] | null;
            tier_cache_read: components["schemas"]["Usd"] | null;
            /** @description What else it has: name=value, as in the column of a price list. */
            more: string | null;
        };
        /** @description One page of User. */
        UserList: {
            items: components["schemas"]["User"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description A token of this API, for automation. */
        ApiToken: {
            id: components["schemas"]["Id"];
            name: string;
            /** @description How it begins. */
            prefix: string;
            user: components["schemas"]["Ref"];
            /** @description `client-keys:read`, `client-keys:write`: the first part of a path below /api, or * for all. To write includes to read. */
            scopes: string[];
            expires_at: components["schemas"]["Time"];
            /** @description To a minute. */
            last_used_at: components["schemas"]["Time"] | null;
            created_at: components["schemas"]["Time"];
        };
        /** @description A new token. */
        ApiTokenCreate: {
            /** @description Unique among one's own. */
            name: string;
            /** @description `client-keys:read`, `client-keys:write`: the first part of a path below /api, or * for all. To write includes to read. */
            scopes: string[];
            /** @description Within 366 days. */
            expires_at: components["schemas"]["Time"];
        };
        /** @description With the token, for the Authorization header after `Bearer `. */
        ApiTokenCreated: {
            id: components["schemas"]["Id"];
            name: string;
            /** @description How it begins. */
            prefix: string;
            user: components["schemas"]["Ref"];
            /** @description `client-keys:read`, `client-keys:write`: the first part of a path below /api, or * for all. To write includes to read. */
            scopes: string[];
            expires_at: components["schemas"]["Time"];
            /** @description To a minute. */
            last_used_at: components["schemas"]["Time"] | null;
            created_at: components["schemas"]["Time"];
            token: string;
        };
        /** @description One page of ApiToken. */
        ApiTokenList: {
            items: components["schemas"]["ApiToken"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One write, or one login. */
        AuditEntry: {
            id: components["schemas"]["Id"];
            occurred_at: components["schemas"]["Time"];
            user_id: components["schemas"]["Id"] | null;
            /** @description Who did it, or tried to sign in; empty when there is no such user. */
            username: string;
            api_token_id: components["schemas"]["Id"] | null;
            /** @description From where. */
            address: string | null;
            request_id: string;
            /**
             * @description create, update, delete, login, or the last part of the path.
             * @example create
             * @example rotate
             */
            action: string;
            /** @example client-keys */
            object_type: string;
            /** @description Of the object. */
            object_id: string | null;
            /** @description What was answered; null while it runs, or when the daemon died meanwhile. */
            status: number | null;
            /** @description As GET showed it. */
            before: {
                [key: string]: unknown;
            } | null;
            /** @description What was answered, or as GET shows it. */
            after: {
                [key: string]: unknown;
            } | null;
        };
        /** @description One page of AuditEntry. */
        AuditList: {
            items: components["schemas"]["AuditEntry"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of Provider. */
        ProviderList: {
            items: components["schemas"]["Provider"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of ProviderKey. */
        ProviderKeyList: {
            items: components["schemas"]["ProviderKey"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of ClientKey. */
        ClientKeyList: {
            items: components["schemas"]["ClientKey"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description A page of a list. */
        OAuthClientList: {
            items: components["schemas"]["OAuthClient"][];
            /** @description Cursor of the next page; null: this is the last. */
            next: string | null;
        };
        /** @description A page of a list. */
        IssuerList: {
            items: components["schemas"]["Issuer"][];
            /** @description Cursor of the next page; null: this is the last. */
            next: string | null;
        };
        TrendList: {
            items: components["schemas"]["TrendDay"][];
            next: null;
        };
        /** @description One page of Trace. */
        TraceList: {
            items: components["schemas"]["Trace"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of Price. */
        PriceList: {
            items: components["schemas"]["Price"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of RunningRequest. */
        RunningRequestList: {
            items: components["schemas"]["RunningRequest"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description Sums of requests. The README of the daemon defines each. */
        Sums: {
            requests: number;
            successes: number;
            rejected: number;
            failed: number;
            aborted: number;
            /** @description Null without requests. */
            success_rate: number | null;
            attempts: number;
            tokens: number;
            input_tokens: number;
            output_tokens: number;
            cache_read_tokens: number;
            cache_write_tokens: number;
            reasoning_tokens: number;
            cost: components["schemas"]["Usd"];
            unpriced: number;
            average_ms: number | null;
            first_byte_ms: number | null;
        };
        /** @description Today beside yesterday: whole, and up to this time of the day (in quarters of an hour). */
        Overview: {
            today: components["schemas"]["KeyStats"];
            yesterday: components["schemas"]["KeyStats"];
            yesterday_so_far: components["schemas"]["KeyStats"];
        };
        /** @description A stretch of time. */
        Point: {
            from: components["schemas"]["Time"];
            to: components["schemas"]["Time"];
            /**
             * Format: date
             * @description The local day it is in; null for a minute.
             */
            date: string | null;
            requests: number;
            successes: number;
            rejected: number;
            failed: number;
            aborted: number;
            /** @description Null without requests. */
            success_rate: number | null;
            attempts: number;
            tokens: number;
            input_tokens: number;
            output_tokens: number;
            cache_read_tokens: number;
            cache_write_tokens: number;
            reasoning_tokens: number;
            cost: components["schemas"]["Usd"];
            unpriced: number;
            average_ms: number | null;
            first_byte_ms: number | null;
        };
        PointList: {
            items: components["schemas"]["Point"][];
            next: null;
        };
        /** @description One key, user, provider or model. */
        Ranked: {
            /** @description Null for a model, and for requests that had none. */
            id: number | null;
            /** @description Null for requests that had none. */
            name: string | null;
            /** @description Of the total of what they are ordered by. */
            share: number | null;
            requests: number;
            successes: number;
            rejected: number;
            failed: number;
            aborted: number;
            /** @description Null without requests. */
            success_rate: number | null;
            attempts: number;
            tokens: number;
            input_tokens: number;
            output_tokens: number;
            cache_read_tokens: number;
            cache_write_tokens: number;
            reasoning_tokens: number;
            cost: components["schemas"]["Usd"];
            unpriced: number;
            average_ms: number | null;
            first_byte_ms: number | null;
        };
        /** @description The first ones, and what is left. */
        Ranking: {
            items: components["schemas"]["Ranked"][];
            next: null;
            from: components["schemas"]["Time"];
            to: components["schemas"]["Time"];
            total: components["schemas"]["Sums"];
            /** @description Of those beyond the limit. */
            rest: components["schemas"]["Sums"] | null;
        };
        ErrorShareList: {
            items: {
                class: string;
                requests: number;
                /** @description Of all that did not succeed. */
                share: number;
            }[];
            next: null;
        };
        /** @description A histogram; its buckets are at most a quarter wider than where they begin. */
        Distribution: {
            requests: number;
            average_ms: number | null;
            p50_ms: number | null;
            p90_ms: number | null;
            p95_ms: number | null;
            p99_ms: number | null;
            buckets: {
                from_ms: number;
                to_ms: number;
                requests: number;
            }[];
        };
        /** @description How long successes took: to the end of the answer, and to its first byte. */
        LatencyStats: {
            from: components["schemas"]["Time"];
            to: components["schemas"]["Time"];
            latency: components["schemas"]["Distribution"];
            first_byte: components["schemas"]["Distribution"];
        };
        /** @description How an export is written. */
        ExportOrder: {
            /** @enum {string} */
            format: "csv" | "jsonl.zst";
        };
        /** @description A version of a price, stored or not: USD per million tokens. */
        PriceTerms: {
            /** @description The price list. */
            provider: string;
            model: string;
            effective_from: components["schemas"]["Time"] | null;
            input: components["schemas"]["Usd"] | null;
            output: components["schemas"]["Usd"] | null;
            cache_read: components["schemas"]["Usd"] | null;
            cache_write_short: components["schemas"]["Usd"] | null;
            cache_write_long: components["schemas"]["Usd"] | null;
            tier_at: number | null;
            tier_input: components["schemas"]["Usd"] | null;
            tier_output: components["schemas"]["Usd"] | null;
            tier_cache_read: components["schemas"]["Usd"] | null;
            more: string | null;
        };
        PriceImportPreview: {
            /** @enum {string} */
            format: "csv" | "json";
            /** @description A price list as conf/prices.csv; as JSON a list of objects with its columns as members. */
            content: string;
            /** @description From when a changed price holds whose row names no day; absent: from now. A model without any price has it from ever. */
            effective_from?: components["schemas"]["Time"] | null;
        };
        PriceImport: {
            /** @enum {string} */
            format: "csv" | "json";
            /** @description A price list as conf/prices.csv; as JSON a list of objects with its columns as members. */
            content: string;
            /** @description From when a changed price holds whose row names no day; absent: from now. A model without any price has it from ever. */
            effective_from?: components["schemas"]["Time"] | null;
            /** @description What the preview told. */
            table_version: number;
        };
        PriceChange: {
            /** @enum {string} */
            state: "added" | "changed";
            before: components["schemas"]["PriceTerms"] | null;
            after: components["schemas"]["PriceTerms"];
        };
        PriceDiff: {
            added: number;
            changed: number;
            unchanged: number;
            /** @description Of the price table that the list was compared with. */
            table_version: number;
            items: components["schemas"]["PriceChange"][];
        };
        Unpriced: {
            provider: components["schemas"]["Ref"] | null;
            /** @description In which a price is looked for. */
            price_list: string | null;
            /** @description That answered, or was asked for. */
            model: string | null;
            requests: number;
            input_tokens: number;
            output_tokens: number;
            first_seen: components["schemas"]["Time"];
            last_seen: components["schemas"]["Time"];
            /** @description There is one by now: re-rating gives these records a cost. */
            has_price: boolean;
        };
        UnpricedList: {
            items: components["schemas"]["Unpriced"][];
            next: null;
        };
        /** @description Which records: those that started in [from, to), which is over. */
        RerateOrder: {
            from: components["schemas"]["Time"];
            to: components["schemas"]["Time"];
            client_key_id?: components["schemas"]["Id"];
            provider_id?: components["schemas"]["Id"];
            /** @description As asked for. */
            model?: string;
        };
        /** @description All records of a client key and a model of which some change. */
        RerateRow: {
            client_key: components["schemas"]["Ref"] | null;
            model: string | null;
            changed: number;
            old_cost: components["schemas"]["Usd"];
            new_cost: components["schemas"]["Usd"];
        };
        RerateFigures: {
            records: number;
            changed: number;
            /** @description Keep the cost that the provider stated. */
            by_provider: number;
            unpriced_before: number;
            unpriced_after: number;
            old_cost: components["schemas"]["Usd"];
            new_cost: components["schemas"]["Usd"];
            /** @description The greatest differences first. */
            items: components["schemas"]["RerateRow"][];
            /** @description How many more items there are. */
            left_out: number;
        };
        Rerate: {
            job: components["schemas"]["Job"];
            from: components["schemas"]["Time"];
            to: components["schemas"]["Time"];
            client_key_id: components["schemas"]["Id"] | null;
            provider_id: components["schemas"]["Id"] | null;
            model: string | null;
            /** @description Of the preview that it applies; null: it is one. */
            preview_id: string | null;
            figures: components["schemas"]["RerateFigures"] | null;
        };
        /** @description Work that takes longer than a request. */
        Job: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "export" | "rerate" | "health_check" | "connection_test";
            /** @enum {string} */
            state: "waiting" | "running" | "done" | "failed";
            /** @enum {string|null} */
            format: "csv" | "jsonl.zst" | null;
            /** @description Written or looked at so far. */
            records: number;
            /** @description Of so many, if that is known. */
            total: number | null;
            /** @description Of its file, once it is done and when this node has it. */
            bytes: number | null;
            error: string | null;
            /** @description Which a health check is about. */
            provider_key_id: components["schemas"]["Id"] | null;
            /** @description What a connection test found. */
            connection: components["schemas"]["ConnectionSteps"] | null;
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
            expires_at: components["schemas"]["Time"];
        };
        /** @description What is to be tried; the names are those of a provider. */
        ConnectionOrder: {
            base_url: string;
            /** @default true */
            tls_verify?: boolean;
            tls_name?: string | null;
        };
        /** @description How far a request came; times since its begin. */
        ConnectionSteps: {
            /**
             * @description address: allowed_networks does not open it. Null: an answer came.
             * @enum {string|null}
             */
            failed: "address" | "dns" | "connect" | "tls" | "answer" | null;
            error: string | null;
            /** @description That it was connected to. */
            address: string | null;
            status: number | null;
            resolved_us: number | null;
            connected_us: number | null;
            secured_us: number | null;
            answered_us: number | null;
        };
        JobList: {
            items: components["schemas"]["Job"][];
            next: null;
        };
    };
    responses: {
        /** @description Malformed JSON or query. */
        BadRequest: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description No valid access token. */
        Unauthorized: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Not allowed; password.initial where the own password must be changed first, which stops all but /api/auth/me, /api/auth/password and /api/auth/logout. */
        Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description No such object. */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The path does not take this method. */
        MethodNotAllowed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                Allow: components["headers"]["Allow"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The object has changed meanwhile: If-Match names another entity tag. */
        Stale: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The name is taken, or the object is in use. */
        Conflict: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The body is larger than 1 MiB. */
        TooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description A field is not valid; `field` names it. */
        Invalid: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Too many failed logins. */
        TooManyLogins: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The database or the server is not available now. */
        Unavailable: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: {
        Id: components["schemas"]["Id"];
        /** @description Local days, today among them. */
        Days: number;
        /**
         * @description Whose days: an IANA name. Absent: the daemon's own.
         * @example Asia/Kathmandu
         */
        TimeZone: string;
        /** @description The entity tag of the object as it was read: 412 if it has changed since. */
        IfMatch: string;
        /** @description For a create that may be sent twice: for a day the same key gets the same answer, with the header Idempotency-Replayed. 409 while the first one runs, 422 with another body. */
        IdempotencyKey: string;
        /** @description A part of the name, in upper or lower case. */
        Search: string;
        /** @description The order; with - backwards. */
        SortByName: "id" | "-id" | "name" | "-name" | "created_at" | "-created_at";
        IsEnabled: boolean;
        /** @description Objects per page. */
        Limit: number;
        /** @description `next` of the page before. */
        Cursor: string;
        /** @description Only those of this owner of client keys. At most one of these five. */
        OfUser: components["schemas"]["Id"];
        /** @description Only those of this client key. At most one of these five. */
        OfClientKey: components["schemas"]["Id"];
        /** @description Only those of this provider. At most one of these five. */
        OfProvider: components["schemas"]["Id"];
        /** @description Only those of this provider key. At most one of these five. */
        OfProviderKey: components["schemas"]["Id"];
        /** @description Only those that asked for this model. At most one of these five. */
        OfModel: string;
        /** @description What the rows are. */
        By: "client_key" | "provider_key" | "user" | "provider" | "model";
    };
    requestBodies: never;
    headers: {
        /** @description Id of this call; also in the daemon's log. */
        RequestId: string;
        /** @description Of the object as it is configured, for If-Match. */
        ETag: string;
        /** @description The generation that carries the change. The call waits until it is published. Absent if that failed or took more than 15 seconds: the change is stored, the daemon goes on trying, and GET /api/system/status says why. */
        ConfigGeneration: number;
        /** @description Path of the new object. */
        Location: string;
        /** @description The cookie sid: HttpOnly, SameSite=Strict, Path=/api/auth. */
        SetCookie: string;
        /** @description Seconds. */
        RetryAfter: number;
        /** @description Methods of the path. */
        Allow: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description Signed in. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Set-Cookie": components["headers"]["SetCookie"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyLogins"];
            503: components["responses"]["Unavailable"];
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed in. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Set-Cookie": components["headers"]["SetCookie"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOidc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Oidc"];
                };
            };
            400: components["responses"]["BadRequest"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    startOidc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Set-Cookie": components["headers"]["SetCookie"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcBegun"];
                };
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    returnOidc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OidcReturn"];
            };
        };
        responses: {
            /** @description Signed in. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Set-Cookie": components["headers"]["SetCookie"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Not yet known. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcExchanging"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOidcLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    startOidcLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcBegun"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteOidcLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Unlinked. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            503: components["responses"]["Unavailable"];
        };
    };
    returnOidcLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OidcReturn"];
            };
        };
        responses: {
            /** @description Not yet known. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcExchanging"];
                };
            };
            /** @description Linked. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended; the cookie is cleared. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Set-Cookie": components["headers"]["SetCookie"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateMe: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Profile"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Changed. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyLogins"];
            503: components["responses"]["Unavailable"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description A part of the name, in upper or lower case. */
                search?: components["parameters"]["Search"];
                /** @description The order; with - backwards. */
                sort?: "id" | "-id" | "username" | "-username" | "created_at" | "-created_at";
                role?: components["schemas"]["Role"];
                is_enabled?: components["parameters"]["IsEnabled"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of users. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description For a create that may be sent twice: for a day the same key gets the same answer, with the header Idempotency-Replayed. 409 while the first one runs, 422 with another body. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserCreate"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    listApiTokens: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description A part of the name, in upper or lower case. */
                search?: components["parameters"]["Search"];
                /** @description The order; with - backwards. */
                sort?: "id" | "-id" | "name" | "-name" | "created_at" | "-created_at" | "expires_at" | "-expires_at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tokens. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiTokenList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    createApiToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description For a create that may be sent twice: for a day the same key gets the same answer, with the header Idempotency-Replayed. 409 while the first one runs, 422 with another body. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiTokenCreate"];
            };
        };
        responses: {
            /** @description Created. The token is shown this once. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiTokenCreated"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getApiToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiToken"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteApiToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked, from the next request on. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description From this time on. */
                from?: components["schemas"]["Time"];
                /** @description Before this time. */
                to?: components["schemas"]["Time"];
                /** @description Who did it. */
                user_id?: components["schemas"]["Id"];
                /** @description What was done. */
                action?: string;
                /** @description To what. */
                object_type?: string;
                /** @description To which. */
                object_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of entries. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getAuditEntry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entry. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntry"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    listProviders: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description A part of the name, in upper or lower case. */
                search?: components["parameters"]["Search"];
                /** @description The order; with - backwards. */
                sort?: components["parameters"]["SortByName"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    createProvider: {
        parameters: {
            query?: never;
            header?: {
                /** @description For a create that may be sent twice: for a day the same key gets the same answer, with the header Idempotency-Replayed. 409 while the first one runs, 422 with another body. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderCreate"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    testProviderConnection: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionOrder"];
            };
        };
        responses: {
            /** @description It will be done. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteProvider: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateProvider: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    previewProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewRequest"];
            };
        };
        responses: {
            /** @description What it would see. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    listProviderKeys: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                provider_id?: components["schemas"]["Id"];
                /** @description A part of the name, in upper or lower case. */
                search?: components["parameters"]["Search"];
                /** @description The order; with - backwards. */
                sort?: components["parameters"]["SortByName"];
                /** @description Whose they are. */
                owner_user_id?: components["schemas"]["Id"];
                is_enabled?: components["parameters"]["IsEnabled"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderKeyList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    createProviderKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description For a create that may be sent twice: for a day the same key gets the same answer, with the header Idempotency-Replayed. 409 while the first one runs, 422 with another body. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderKeyCreate"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderKey"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getProviderKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider key. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderKey"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteProviderKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateProviderKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderKeyPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderKey"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    refreshProviderKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Asked for; oauth.obtained_at or oauth.refresh_error tells. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderKey"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    listSignIns: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    startSignIn: {
        parameters: {
            query?: never;
            header?: {
                /** @description For a create that may be sent twice: for a day the same key gets the same answer, with the header Idempotency-Replayed. 409 while the first one runs, 422 with another body. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInCreate"];
            };
        };
        responses: {
            /** @description Begun. By device code the user code comes with a later GET. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sign-in. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Given up. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    giveSignInCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInCode"];
            };
        };
        responses: {
            /** @description Taken; the state tells what came of it. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    returnSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInReturn"];
            };
        };
        responses: {
            /** @description Taken; the state tells what came of it. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    listClientKeys: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description A part of the name, in upper or lower case. */
                search?: components["parameters"]["Search"];
                /** @description The order; with - backwards. */
                sort?: components["parameters"]["SortByName"];
                /** @description Whose they are. */
                user_id?: components["schemas"]["Id"];
                is_enabled?: components["parameters"]["IsEnabled"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientKeyList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    createClientKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description For a create that may be sent twice: for a day the same key gets the same answer, with the header Idempotency-Replayed. 409 while the first one runs, 422 with another body. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClientKeyCreate"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientKeyCreated"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getClientKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The client key. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientKey"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteClientKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateClientKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClientKeyPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientKey"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getClientKeyLimits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Limits against use. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitReport"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    resetClientKeyLimits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgotten. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    raiseClientKeyLimit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitRaise"];
            };
        };
        responses: {
            /** @description Limits against use, with the raised one. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitReport"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    listUserIdentities: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteUserIdentities: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Unlinked. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            503: components["responses"]["Unavailable"];
        };
    };
    getUserLimits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The limits. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserLimits"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateUserLimits: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserLimitsPatch"];
            };
        };
        responses: {
            /** @description The limits. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserLimits"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    listUsedLimits: {
        parameters: {
            query?: {
                /** @description Percent of a limit that are used. */
                above?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By id. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitReportList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    rotateClientKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClientKeyRotation"];
            };
        };
        responses: {
            /** @description The new key, shown once. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientKeyCreated"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    listOAuthClients: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description A part of the name, in upper or lower case. */
                search?: components["parameters"]["Search"];
                /** @description The order; with - backwards. */
                sort?: components["parameters"]["SortByName"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthClientList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    createOAuthClient: {
        parameters: {
            query?: never;
            header?: {
                /** @description For a create that may be sent twice: for a day the same key gets the same answer, with the header Idempotency-Replayed. 409 while the first one runs, 422 with another body. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OAuthClientCreate"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthClientCreated"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOAuthClient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The OAuth client. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthClient"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteOAuthClient: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateOAuthClient: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OAuthClientPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthClient"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    rotateOAuthClient: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClientKeyRotation"];
            };
        };
        responses: {
            /** @description The new secret, shown once. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthClientCreated"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    revokeOAuthClientTokens: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    issueToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["TokenRequest"];
            };
        };
        responses: {
            /** @description A token. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallerToken"];
                };
            };
            /** @description Refused. */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /** @description The client is not known, or its secret is wrong. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["RevocationRequest"];
            };
        };
        responses: {
            /** @description It is not valid any more, or never was. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Revoked"];
                };
            };
            /** @description Refused. */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /** @description The client is not known, or its secret is wrong. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    getSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateSettings: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettingsPatch"];
            };
        };
        responses: {
            /** @description As they are now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getAuthentication: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ways in. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Authentication"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateAuthentication: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuthenticationPatch"];
            };
        };
        responses: {
            /** @description As they are now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Authentication"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOidcSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcSettings"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateOidcSettings: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OidcSettingsPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcSettings"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    listIssuers: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description A part of the name, in upper or lower case. */
                search?: components["parameters"]["Search"];
                /** @description The order; with - backwards. */
                sort?: components["parameters"]["SortByName"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuerList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    createIssuer: {
        parameters: {
            query?: never;
            header?: {
                /** @description For a create that may be sent twice: for a day the same key gets the same answer, with the header Idempotency-Replayed. 409 while the first one runs, 422 with another body. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssuerCreate"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Issuer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getIssuer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The issuer. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Issuer"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteIssuer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateIssuer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssuerPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Issuer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    fetchIssuerKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Asked for; jwks_fetched_at or jwks_error tells. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Issuer"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    getProviderKeyHealth: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its health; limit and cursor are of the history. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyHealth"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    checkProviderKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job waits. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    endProviderKeyRest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    getProviderKeyStats: {
        parameters: {
            query?: {
                /** @description Local days, today among them. */
                days?: components["parameters"]["Days"];
                /**
                 * @description Whose days: an IANA name. Absent: the daemon's own.
                 * @example Asia/Kathmandu
                 */
                time_zone?: components["parameters"]["TimeZone"];
            };
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sums. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyStats"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getProviderKeyTrends: {
        parameters: {
            query?: {
                /** @description Local days, today among them. */
                days?: components["parameters"]["Days"];
                /**
                 * @description Whose days: an IANA name. Absent: the daemon's own.
                 * @example Asia/Kathmandu
                 */
                time_zone?: components["parameters"]["TimeZone"];
            };
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every day, also those without requests. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrendList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getClientKeyStats: {
        parameters: {
            query?: {
                /** @description Local days, today among them. */
                days?: components["parameters"]["Days"];
                /**
                 * @description Whose days: an IANA name. Absent: the daemon's own.
                 * @example Asia/Kathmandu
                 */
                time_zone?: components["parameters"]["TimeZone"];
            };
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sums. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyStats"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getClientKeyTrends: {
        parameters: {
            query?: {
                /** @description Local days, today among them. */
                days?: components["parameters"]["Days"];
                /**
                 * @description Whose days: an IANA name. Absent: the daemon's own.
                 * @example Asia/Kathmandu
                 */
                time_zone?: components["parameters"]["TimeZone"];
            };
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every day, also those without requests. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrendList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    listTraces: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Started at this time or later. */
                from?: string;
                /** @description Started before this time. */
                to?: string;
                /** @description Who owned the client key. */
                user_id?: components["schemas"]["Id"];
                client_key_id?: components["schemas"]["Id"];
                provider_id?: components["schemas"]["Id"];
                provider_key_id?: components["schemas"]["Id"];
                /** @description As asked for, exact. */
                model?: string;
                status?: number;
                outcome?: "success" | "rejected" | "failed" | "aborted" | "running";
                /** @description A request id, or how the path (when it begins with `/`) or the model begins. Found by an index. */
                search?: string;
                /** @description Why it did not succeed. */
                class?: string;
                /** @description Where the tokens come from. */
                usage_source?: "reported" | "partial" | "estimated" | "drained" | "repeated" | "none";
                /** @description What path, model, error code, user agent, address or the provider's request id has somewhere, whatever the case. A page looks at so many records and no more: follow `next`, also from an empty page. */
                contains?: string;
                /** @description `-started_at`: newest first. */
                sort?: "-started_at" | "started_at";
                /** @description Whether requests that run on this node are in the list, beyond the limit. They have no id yet. */
                running?: boolean;
                /** @description For a live view: `now`, and from then on `next` of the answer before. Lists what was stored since, in that order; `next` is always there. */
                tail?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraceList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getTrace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The integer id, or a request id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraceDetail"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getTracePayload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The integer id, or a request id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The texts. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TracePayload"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    listRunning: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunningRequestList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getKeyUsage: {
        parameters: {
            query?: {
                /**
                 * @description Whose days: an IANA name. Absent: the daemon's own.
                 * @example Asia/Kathmandu
                 */
                time_zone?: components["parameters"]["TimeZone"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its limits, and the last 30 days. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyUsage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyLogins"];
            503: components["responses"]["Unavailable"];
        };
    };
    listPrices: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    listUnpriced: {
        parameters: {
            query?: {
                /** @description Started at this time or later. */
                from?: string;
                /** @description Started before this time. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The most requests first; 500 at most. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnpricedList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    previewPriceImport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PriceImportPreview"];
            };
        };
        responses: {
            /** @description What would be added and changed. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceDiff"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    importPrices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PriceImport"];
            };
        };
        responses: {
            /** @description What was added and changed. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Config-Generation": components["headers"]["ConfigGeneration"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceDiff"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    createRerate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RerateOrder"];
            };
        };
        responses: {
            /** @description The job waits. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getRerate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The re-rating; without figures until its job is done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rerate"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    applyRerate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job waits. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    listAlerts: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                state?: "firing" | "acknowledged" | "resolved";
                /** @description Those that are not resolved. */
                open?: boolean;
                severity?: "warning" | "critical";
                kind?: components["schemas"]["AlertKindName"];
                rule_id?: components["schemas"]["Id"];
                /** @description Exact. */
                subject_type?: string;
                /** @description Exact. */
                subject_id?: string;
                /** @description Began at this time or later. */
                from?: string;
                /** @description Began before this time. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getAlert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The alert. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alert"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    acknowledgeAlert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alert"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    listAlertKinds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertKindList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    listAlertRules: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description A part of the name, in upper or lower case. */
                search?: components["parameters"]["Search"];
                /** @description The order; with - backwards. */
                sort?: components["parameters"]["SortByName"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRuleList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    createAlertRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description For a create that may be sent twice: for a day the same key gets the same answer, with the header Idempotency-Replayed. 409 while the first one runs, 422 with another body. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertRuleCreate"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getAlertRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rule. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteAlertRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateAlertRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertRulePatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    listAlertChannels: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description A part of the name, in upper or lower case. */
                search?: components["parameters"]["Search"];
                /** @description The order; with - backwards. */
                sort?: components["parameters"]["SortByName"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertChannelList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    createAlertChannel: {
        parameters: {
            query?: never;
            header?: {
                /** @description For a create that may be sent twice: for a day the same key gets the same answer, with the header Idempotency-Replayed. 409 while the first one runs, 422 with another body. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertChannelCreate"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertChannelCreated"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    getAlertChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The channel. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertChannel"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteAlertChannel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateAlertChannel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of the object as it was read: 412 if it has changed since. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertChannelPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertChannel"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    testAlertChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will be sent. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDelivery"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["Stale"];
            503: components["responses"]["Unavailable"];
        };
    };
    listAlertDeliveries: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                channel_id?: components["schemas"]["Id"];
                alert_id?: components["schemas"]["Id"];
                state?: "waiting" | "delivered" | "failed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDeliveryList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getAlertDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDelivery"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    listTasks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The node. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemStatus"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    listNodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Objects per page. */
                limit?: components["parameters"]["Limit"];
                /** @description `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Occurred at this time or later. */
                from?: string;
                /** @description Occurred before this time. */
                to?: string;
                /** @description Exact. */
                kind?: string;
                provider_key_id?: components["schemas"]["Id"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOpenapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOverview: {
        parameters: {
            query?: {
                /**
                 * @description Whose days: an IANA name. Absent: the daemon's own.
                 * @example Asia/Kathmandu
                 */
                time_zone?: components["parameters"]["TimeZone"];
                /** @description Only those of this owner of client keys. At most one of these five. */
                user_id?: components["parameters"]["OfUser"];
                /** @description Only those of this client key. At most one of these five. */
                client_key_id?: components["parameters"]["OfClientKey"];
                /** @description Only those of this provider. At most one of these five. */
                provider_id?: components["parameters"]["OfProvider"];
                /** @description Only those of this provider key. At most one of these five. */
                provider_key_id?: components["parameters"]["OfProviderKey"];
                /** @description Only those that asked for this model. At most one of these five. */
                model?: components["parameters"]["OfModel"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Both days. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    listTrends: {
        parameters: {
            query?: {
                /** @description Local days, today among them. */
                days?: components["parameters"]["Days"];
                /** @description An hour for at most 7 days, a quarter of an hour for at most 2. */
                step?: "day" | "hour" | "quarter";
                /**
                 * @description Whose days: an IANA name. Absent: the daemon's own.
                 * @example Asia/Kathmandu
                 */
                time_zone?: components["parameters"]["TimeZone"];
                /** @description Only those of this owner of client keys. At most one of these five. */
                user_id?: components["parameters"]["OfUser"];
                /** @description Only those of this client key. At most one of these five. */
                client_key_id?: components["parameters"]["OfClientKey"];
                /** @description Only those of this provider. At most one of these five. */
                provider_id?: components["parameters"]["OfProvider"];
                /** @description Only those of this provider key. At most one of these five. */
                provider_key_id?: components["parameters"]["OfProviderKey"];
                /** @description Only those that asked for this model. At most one of these five. */
                model?: components["parameters"]["OfModel"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every one, also those without requests. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PointList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    listMinutes: {
        parameters: {
            query?: {
                /** @description Only those of this owner of client keys. At most one of these five. */
                user_id?: components["parameters"]["OfUser"];
                /** @description Only those of this client key. At most one of these five. */
                client_key_id?: components["parameters"]["OfClientKey"];
                /** @description Only those of this provider. At most one of these five. */
                provider_id?: components["parameters"]["OfProvider"];
                /** @description Only those of this provider key. At most one of these five. */
                provider_key_id?: components["parameters"]["OfProviderKey"];
                /** @description Only those that asked for this model. At most one of these five. */
                model?: components["parameters"]["OfModel"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sixty, also those without requests. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PointList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    listTop: {
        parameters: {
            query: {
                /** @description What the rows are. */
                by: components["parameters"]["By"];
                /** @description Local days, today among them. */
                days?: components["parameters"]["Days"];
                /**
                 * @description Whose days: an IANA name. Absent: the daemon's own.
                 * @example Asia/Kathmandu
                 */
                time_zone?: components["parameters"]["TimeZone"];
                order?: "requests" | "tokens" | "cost";
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The first ones. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ranking"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    listCharges: {
        parameters: {
            query: {
                /** @description What the rows are. */
                by: components["parameters"]["By"];
                /** @description A local month. */
                month: string;
                /**
                 * @description Whose days: an IANA name. Absent: the daemon's own.
                 * @example Asia/Kathmandu
                 */
                time_zone?: components["parameters"]["TimeZone"];
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By cost. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ranking"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    listErrors: {
        parameters: {
            query?: {
                /** @description Local days, today among them. */
                days?: components["parameters"]["Days"];
                /**
                 * @description Whose days: an IANA name. Absent: the daemon's own.
                 * @example Asia/Kathmandu
                 */
                time_zone?: components["parameters"]["TimeZone"];
                /** @description Only those of this owner of client keys. At most one of these five. */
                user_id?: components["parameters"]["OfUser"];
                /** @description Only those of this client key. At most one of these five. */
                client_key_id?: components["parameters"]["OfClientKey"];
                /** @description Only those of this provider. At most one of these five. */
                provider_id?: components["parameters"]["OfProvider"];
                /** @description Only those of this provider key. At most one of these five. */
                provider_key_id?: components["parameters"]["OfProviderKey"];
                /** @description Only those that asked for this model. At most one of these five. */
                model?: components["parameters"]["OfModel"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By how often. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorShareList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getLatency: {
        parameters: {
            query?: {
                /** @description Local days, today among them. */
                days?: components["parameters"]["Days"];
                /**
                 * @description Whose days: an IANA name. Absent: the daemon's own.
                 * @example Asia/Kathmandu
                 */
                time_zone?: components["parameters"]["TimeZone"];
                /** @description Only those of this owner of client keys. At most one of these five. */
                user_id?: components["parameters"]["OfUser"];
                /** @description Only those of this client key. At most one of these five. */
                client_key_id?: components["parameters"]["OfClientKey"];
                /** @description Only those of this provider. At most one of these five. */
                provider_id?: components["parameters"]["OfProvider"];
                /** @description Only those of this provider key. At most one of these five. */
                provider_key_id?: components["parameters"]["OfProviderKey"];
                /** @description Only those that asked for this model. At most one of these five. */
                model?: components["parameters"]["OfModel"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Percentiles and histograms. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LatencyStats"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    createExport: {
        parameters: {
            query?: {
                /** @description Started at this time or later. */
                from?: string;
                /** @description Started before this time. */
                to?: string;
                /** @description Who owned the client key. */
                user_id?: components["schemas"]["Id"];
                client_key_id?: components["schemas"]["Id"];
                provider_id?: components["schemas"]["Id"];
                provider_key_id?: components["schemas"]["Id"];
                /** @description As asked for, exact. */
                model?: string;
                status?: number;
                outcome?: "success" | "rejected" | "failed" | "aborted";
                /** @description A request id, or how the path (when it begins with `/`) or the model begins. Found by an index. */
                search?: string;
                /** @description Why it did not succeed. */
                class?: string;
                /** @description Where the tokens come from. */
                usage_source?: "reported" | "partial" | "estimated" | "drained" | "none";
                /** @description What path, model, error code, user agent, address or the provider's request id has somewhere, whatever the case. */
                contains?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExportOrder"];
            };
        };
        responses: {
            /** @description The job waits. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            503: components["responses"]["Unavailable"];
        };
    };
    listJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last 200. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            503: components["responses"]["Unavailable"];
        };
    };
    downloadJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                    "application/zstd": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            503: components["responses"]["Unavailable"];
        };
    };
}
