// SPDX-License-Identifier: MIT
//
// The pages of the console and their headings in both languages: all of the
// router's but the sign-in page, which is seen signed out.

export const pages = {
    "/": { en: "Dashboard", "zh-CN": "概览" },
    "/logs": { en: "Logs", "zh-CN": "日志" },
    "/playground": { en: "Playground", "zh-CN": "试验场" },
    "/jobs": { en: "Jobs", "zh-CN": "任务" },
    "/client-keys": { en: "Client keys", "zh-CN": "客户端密钥" },
    "/oauth-clients": { en: "OAuth clients", "zh-CN": "OAuth 客户端" },
    "/provider-keys": { en: "Provider keys", "zh-CN": "提供商密钥" },
    "/providers": { en: "Providers", "zh-CN": "提供商" },
    "/prices": { en: "Prices", "zh-CN": "价格" },
    "/alerts": { en: "Alerts", "zh-CN": "告警" },
    "/users": { en: "Users", "zh-CN": "用户" },
    "/audit": { en: "Audit log", "zh-CN": "审计日志" },
    "/system": { en: "System", "zh-CN": "系统" },
    "/settings": { en: "Settings", "zh-CN": "设置" },
    "/profile": { en: "Profile", "zh-CN": "个人资料" },
    "/usage": { en: "Usage of a client key", "zh-CN": "客户端密钥用量" },
    "/oauth/callback": { en: "Back from the provider", "zh-CN": "从提供商返回" },
    "/oidc/callback": { en: "Signing in", "zh-CN": "正在登录" },
    "/nowhere": { en: "There is no such page", "zh-CN": "页面不存在" },
};
