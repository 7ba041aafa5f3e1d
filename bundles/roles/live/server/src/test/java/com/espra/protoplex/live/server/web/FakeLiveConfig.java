package com.espra.protoplex.live.server.web;

import com.espra.protoplex.live.server.LiveConfig;
import java.lang.reflect.Proxy;
import java.util.Map;

/** A configuration of the defaults and what a test changes of them. */
public final class FakeLiveConfig {

    private FakeLiveConfig() {}

    public static LiveConfig of(Map<String, Object> changed) {
        return (LiveConfig) Proxy.newProxyInstance(
                LiveConfig.class.getClassLoader(),
                new Class<?>[] {LiveConfig.class},
                (_, method, _) -> changed.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
