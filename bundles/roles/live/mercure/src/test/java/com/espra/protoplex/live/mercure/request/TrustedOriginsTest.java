package com.espra.protoplex.live.mercure.request;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Test;

public class TrustedOriginsTest {

    private static final String HUB = "https://hub.example.com/.well-known/mercure";

    @Test
    public void theWildcardGoesWithoutCookies() {
        TrustedOrigins all = new TrustedOrigins(HUB, Set.of("*", "https://app.example.com"));
        Map<String, String> stranger = all.fields(Optional.of("https://other.example.com"));
        assertEquals("*", stranger.get("Access-Control-Allow-Origin"));
        assertFalse(stranger.containsKey("Access-Control-Allow-Credentials"));
        assertEquals(
                "true", all.fields(Optional.of("https://app.example.com")).get("Access-Control-Allow-Credentials"));
        assertThrows(
                MercureRefusal.class,
                () -> all.checkForged(Optional.of("https://other.example.com"), Optional.empty()));
    }

    @Test
    public void anOriginIsOne() {
        for (String wrong : List.of(
                "example.com",
                "https://example.com/",
                "https://example.com/x",
                "https://Example.com",
                "https://example.com:443",
                "",
                "null",
                "https://*.example.com")) {
            assertThrows(wrong, IllegalArgumentException.class, () -> new TrustedOrigins(HUB, Set.of(wrong)));
        }
    }

    @Test
    public void aPortIsPartOfIt() throws Exception {
        TrustedOrigins origins = new TrustedOrigins("https://hub.example.com:8443/.well-known/mercure", Set.of());
        origins.checkForged(Optional.of("https://hub.example.com:8443"), Optional.empty());
        origins.checkForged(Optional.empty(), Optional.of("https://hub.example.com:8443/page?x"));
        assertThrows(
                MercureRefusal.class,
                () -> origins.checkForged(Optional.of("https://hub.example.com"), Optional.empty()));
    }
}
