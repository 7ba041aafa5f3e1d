package com.espra.protoplex.cli.push;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who asks, for people. */
public final class Caller {

    private Caller() {}

    /** {@code user@machine}. No name service is asked: it may take seconds. */
    public static String name() {
        return System.getProperty("user.name", "somebody") + "@" + machine();
    }

    private static String machine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            String name = System.getenv("HOSTNAME");
            return name == null || name.isEmpty() ? "localhost" : name;
        }
    }
}
