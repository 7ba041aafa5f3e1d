package com.espra.protoplex.proxy.server.config;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** A configuration as Declarative Services makes it: what is not said has its default. */
public final class FakeConfig {

    private final Map<String, Object> values = new HashMap<>();

    public FakeConfig with(String key, String... rules) {
        values.put(key, rules);
        return this;
    }

    public FakeConfig set(String key, Object value) {
        values.put(key, value);
        return this;
    }

    public ProxyConfig config() {
        return (ProxyConfig) Proxy.newProxyInstance(
                ProxyConfig.class.getClassLoader(),
                new Class<?>[] {ProxyConfig.class},
                (_, method, _) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    public ProxyRules rules() {
        return new ProxyRules(config());
    }
}
