package com.espra.protoplex.proxy.server.step;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;

import org.junit.Test;

/** One path in all its spellings. */
public class LookupPathTest {

    @Test
    public void aPlainPathIsItself() {
        String path = "/shop/cart.html";
        assertSame(path, LookupPath.of(path));
        assertEquals("*", LookupPath.of("*"));
    }

    @Test
    public void spellingsComeToOne() {
        assertEquals("/login", LookupPath.of("/%6cogin"));
        assertEquals("/login", LookupPath.of("/a/../login"));
        assertEquals("/login", LookupPath.of("/a/%2e%2e/login"));
        assertEquals("/login", LookupPath.of("/./login"));
        assertEquals("/login", LookupPath.of("/login;jsessionid=1"));
        assertEquals("/a/login", LookupPath.of("/a;x=1/login"));
        assertEquals("/login", LookupPath.of("/../../login"));
        assertEquals("/a/", LookupPath.of("/a/b/.."));
        assertEquals("/a/", LookupPath.of("/a/."));
        assertEquals("/é", LookupPath.of("/%C3%A9"));
    }

    @Test
    public void whatSeparatesNothingStays() {
        assertEquals("/a%2Fb", LookupPath.of("/a%2Fb"));
        assertEquals("/%00", LookupPath.of("/%00"));
        assertEquals("/%zz%", LookupPath.of("/%zz%"));
        assertEquals("/%FF%FE", LookupPath.of("/%FF%FE"));
        assertEquals("/a..b/.c", LookupPath.of("/a..b/.c"));
    }
}
