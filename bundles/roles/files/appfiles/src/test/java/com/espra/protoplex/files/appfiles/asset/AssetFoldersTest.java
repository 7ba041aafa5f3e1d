package com.espra.protoplex.files.appfiles.asset;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** Which files of bundles are assets. */
public class AssetFoldersTest {

    private static final byte[] CONTENT = {1, 2, 3};

    private final Map<String, byte[]> files = new TreeMap<>(Map.of(
            "/web/app.js", CONTENT,
            "/web/css/site.css", CONTENT,
            "/web/css/", new byte[0],
            "/webbing/other.js", CONTENT,
            "/images/a/logo.png", CONTENT,
            "/com/example/Secret.class", CONTENT));

    private Bundle bundle(String name, String header) {
        Dictionary<String, String> headers = new Hashtable<>();
        if (!header.isEmpty()) {
            headers.put(AssetFolders.HEADER, header);
        }
        return (Bundle) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Bundle.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "getHeaders" -> headers;
                    case "getSymbolicName" -> name;
                    case "findEntries" -> entries((String) arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private Object entries(String folder) throws IOException {
        String root = "/" + folder.replaceAll("^/|/$", "") + "/";
        List<URL> urls = new ArrayList<>();
        for (String name : files.keySet()) {
            if (name.startsWith(root)) {
                urls.add(URL.of(URI.create("bundle://1" + name), new Stored()));
            }
        }
        return urls.isEmpty() ? null : Collections.enumeration(urls);
    }

    private AssetFolders read(long most, Bundle... bundles) throws IOException {
        AssetFolders folders = new AssetFolders(most);
        folders.read(List.of(bundles));
        return folders;
    }

    @Test
    public void foldersAreServedWhereTheHeaderSays() throws Exception {
        AssetFolders folders = read(100, bundle("library", ""), bundle("shop", "/static=web, /a/pictures = /images/"));
        assertEquals(List.of("/static", "/a/pictures"), folders.paths());
        assertEquals(
                Set.of("static/app.js", "static/css/site.css", "a/pictures/a/logo.png"),
                folders.files().keySet());
        assertArrayEquals(CONTENT, folders.files().get("static/app.js"));
        assertEquals(List.of(), read(100, bundle("library", "")).paths());
    }

    @Test
    public void aHeaderThatMakesNoSenseIsRefused() {
        for (String wrong : List.of(
                "web",
                "=web",
                "/=web",
                "static=web",
                "/static",
                "/static=",
                "/static/=web",
                "/static/*=web",
                "/../x=web",
                "/a/..=web",
                "/a/./b=web",
                "/a b=web",
                "/static=web,",
                "/static=none")) {
            String message = assertThrows(wrong, IllegalArgumentException.class, () -> read(100, bundle("shop", wrong)))
                    .getMessage();
            assertTrue(message, message.contains("Protoplex-Assets of shop"));
        }
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> read(100, bundle("shop", "/static=web"), bundle("theme", "/static=images")))
                .getMessage();
        assertEquals("Protoplex-Assets: shop and theme both have /static", message);
    }

    @Test
    public void tooMuchIsRefusedAndSaid() throws Exception {
        assertEquals(2, read(6, bundle("shop", "/static=web")).files().size());
        String message = assertThrows(IllegalArgumentException.class, () -> read(5, bundle("shop", "/static=web")))
                .getMessage();
        assertTrue(message, message.contains("memoryMiB of com.espra.protoplex.appfiles"));
    }

    private final class Stored extends URLStreamHandler {

        @Override
        protected URLConnection openConnection(URL url) {
            return new URLConnection(url) {
                @Override
                public void connect() {}

                @Override
                public InputStream getInputStream() {
                    return new ByteArrayInputStream(files.getOrDefault(url.getPath(), new byte[0]));
                }
            };
        }
    }
}
