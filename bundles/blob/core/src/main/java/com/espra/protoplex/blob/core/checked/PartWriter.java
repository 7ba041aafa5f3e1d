package com.espra.protoplex.blob.core.checked;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Who writes a part, as the beginning of its name: the machine since it started, the number of the process, and when that began, because numbers are
 * used again, and other machines and containers have the same ones.
 */
final class PartWriter {

    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String MACHINE = machine();

    /** This process. */
    static final String THIS = name(ProcessHandle.current().pid());

    /** Of the fields behind the name of the program. */
    private static final int START_TICKS = 19;

    private PartWriter() {}

    private static String machine() {
        String boot;
        try {
            boot = Files.readString(BOOT);
        } catch (IOException e) {
            boot = "";
        }
        String host = System.getenv().getOrDefault("HOSTNAME", "");
        try {
            host += Files.readString(Path.of("/proc/sys/kernel/hostname"));
        } catch (IOException e) {
            host += System.getProperty("user.home", "");
        }
        return UUID.nameUUIDFromBytes((boot + host).getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }

    private static String name(long pid) {
        return MACHINE + "." + pid + "." + began(pid);
    }

    /** By the kernel's own count, which the clock of the day does not change; 0 where there is none. */
    private static String began(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[START_TICKS];
        } catch (IOException | IndexOutOfBoundsException e) {
            return "0";
        }
    }

    /**
     * Whether it was a process of this machine that is not there any more; false if that cannot be known.
     *
     * @param part the name of a part
     */
    static boolean isGone(String part) {
        int end = part.indexOf('-');
        String writer = end < 0 ? part : part.substring(0, end);
        String[] words = writer.split("\\.", -1);
        if (words.length != 3 || !words[0].equals(MACHINE)) {
            return false; // Of another machine, or of a program before this: its age decides.
        }
        try {
            long pid = Long.parseLong(words[1]);
            return ProcessHandle.of(pid).isEmpty() || !began(pid).equals(words[2]);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
