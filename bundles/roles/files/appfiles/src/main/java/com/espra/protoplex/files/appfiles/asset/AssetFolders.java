package com.espra.protoplex.files.appfiles.asset;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/** Folders of bundles that are served: what the header {@value #HEADER} of their manifests says. */
public final class AssetFolders {

    /** {@code /static=web} serves the folder {@code web} of the jar below {@code /static}; several with commas. */
    public static final String HEADER = "Protoplex-Assets";

    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, Bundle> paths = new LinkedHashMap<>();
    private final long mostBytes;
    private long bytes;

    /** @param mostBytes how much there may be in all */
    public AssetFolders(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * Reads those of these bundles.
     *
     * @throws IllegalArgumentException if a header cannot be read, a folder is not there, two bundles have the same path, or it is too much
     */
    public void read(List<Bundle> bundles) throws IOException {
        for (Bundle bundle : bundles) {
            @Nullable String header = bundle.getHeaders("").get(HEADER);
            if (header != null) {
                for (String folder : header.split(",", -1)) {
                    read(bundle, folder.strip());
                }
            }
        }
    }

    private void read(Bundle bundle, String said) throws IOException {
        int equals = said.indexOf('=');
        String path = equals < 0 ? "" : said.substring(0, equals).strip();
        String folder = said.substring(equals + 1).strip();
        if (!path.matches("(/[A-Za-z0-9._~-]+)+") || path.matches(".*/\\.\\.?(/.*)?") || folder.isEmpty()) {
            throw new IllegalArgumentException(HEADER + " of " + bundle.getSymbolicName() + " has '" + said
                    + "': use PATH=FOLDER, such as /static=web");
        }
        Bundle other = paths.putIfAbsent(path, bundle);
        if (other != null) {
            throw new IllegalArgumentException(HEADER + ": " + other.getSymbolicName() + " and "
                    + bundle.getSymbolicName() + " both have " + path);
        }
        Enumeration<URL> entries = bundle.findEntries(folder, "*", true);
        if (entries == null) {
            throw new IllegalArgumentException(
                    HEADER + " of " + bundle.getSymbolicName() + ": the bundle has no folder '" + folder + "'");
        }
        String root = "/" + folder.replaceAll("^/+|/+$", "") + "/";
        for (URL entry : Collections.list(entries)) {
            String name = entry.getPath();
            if (!name.endsWith("/") && name.startsWith(root)) {
                add(path.substring(1) + "/" + name.substring(root.length()), entry);
            }
        }
    }

    private void add(String key, URL entry) throws IOException {
        try (InputStream in = entry.openStream()) {
            byte[] content = in.readNBytes((int) Math.min(mostBytes - bytes + 1, Integer.MAX_VALUE - 8L));
            bytes += content.length;
            if (bytes > mostBytes) {
                throw new IllegalArgumentException("the assets of this build take more than " + (mostBytes >> 20)
                        + " MiB, which is what memoryMiB of com.espra.protoplex.appfiles allows: raise it, or move"
                        + " large files to the store (docs/files.md)");
            }
            files.put(key, content);
        }
    }

    /** Where they are served: {@code /static}. */
    public List<String> paths() {
        return List.copyOf(paths.keySet());
    }

    /** The files, by their paths without the slash before them. */
    public Map<String, byte[]> files() {
        return Collections.unmodifiableMap(files);
    }
}
