package com.espra.protoplex.host.process.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One call of posix_spawn(3) with its file actions and attributes. glibc starts the process with CLONE_VFORK, so a JVM of any size
 * starts one in a millisecond, and reports a program that cannot be executed.
 */
public final class PosixSpawn implements AutoCloseable {

    private static final NativeCall SPAWN =
            NativeCall.of("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final NativeCall ACTIONS_INIT = NativeCall.of("posix_spawn_file_actions_init", ADDRESS);
    private static final NativeCall ACTIONS_DESTROY = NativeCall.of("posix_spawn_file_actions_destroy", ADDRESS);
    private static final NativeCall ADD_DUP2 =
            NativeCall.of("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
    private static final NativeCall ADD_OPEN =
            NativeCall.of("posix_spawn_file_actions_addopen", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final NativeCall ADD_CHDIR = NativeCall.of("posix_spawn_file_actions_addchdir_np", ADDRESS, ADDRESS);
    private static final NativeCall ADD_CLOSE_FROM =
            NativeCall.of("posix_spawn_file_actions_addclosefrom_np", ADDRESS, JAVA_INT);
    private static final NativeCall ATTRIBUTES_INIT = NativeCall.of("posix_spawnattr_init", ADDRESS);
    private static final NativeCall ATTRIBUTES_DESTROY = NativeCall.of("posix_spawnattr_destroy", ADDRESS);
    private static final NativeCall SET_FLAGS = NativeCall.of("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT);
    private static final NativeCall SET_MASK = NativeCall.of("posix_spawnattr_setsigmask", ADDRESS, ADDRESS);
    private static final NativeCall SET_GROUP = NativeCall.of("posix_spawnattr_setpgroup", ADDRESS, JAVA_INT);

    private static final short SETPGROUP = 0x02;
    private static final short SETSIGMASK = 0x08;
    private static final int O_WRONLY_CREAT_APPEND = 0x1 | 0x40 | 0x400;
    private static final int OWNER_READS_AND_WRITES = 0600;

    /** More than posix_spawnattr_t (336 bytes) and posix_spawn_file_actions_t (80) take in glibc. */
    private static final int OPAQUE_BYTES = 1024;

    private static final int SIGSET_BYTES = 128;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment actions = arena.allocate(OPAQUE_BYTES, Long.BYTES);
    private final MemorySegment attributes = arena.allocate(OPAQUE_BYTES, Long.BYTES);

    /** A process in a process group of its own, so that a terminal's Ctrl-C is for the parent alone, with no signal blocked. */
    public PosixSpawn() throws PosixException {
        ACTIONS_INIT.check(actions);
        ATTRIBUTES_INIT.check(attributes);
        SET_MASK.check(attributes, arena.allocate(SIGSET_BYTES, Long.BYTES));
        SET_GROUP.check(attributes, 0);
        SET_FLAGS.check(attributes, (short) (SETPGROUP | SETSIGMASK));
    }

    /** In the child, {@code target} refers to what {@code source} does here. Actions are carried out in their order. */
    public void dup2(int source, int target) throws PosixException {
        ADD_DUP2.check(actions, source, target);
    }

    /** In the child, {@code target} reads the file. */
    public void openToRead(int target, String path) throws PosixException {
        ADD_OPEN.check(actions, target, arena.allocateFrom(path), 0, 0);
    }

    /** In the child, {@code target} appends to the file. */
    public void openToAppend(int target, String path) throws PosixException {
        ADD_OPEN.check(actions, target, arena.allocateFrom(path), O_WRONLY_CREAT_APPEND, OWNER_READS_AND_WRITES);
    }

    /**
     * In the child, nothing at or above {@code lowest} is open. It cannot be left out: the JDK's own sockets and files are not marked
     * close-on-exec, and a child that held the connection of another to this process would keep it from seeing the end.
     */
    public void closeFrom(int lowest) throws PosixException {
        ADD_CLOSE_FROM.check(actions, lowest);
    }

    /** The child starts in this folder. */
    public void changeFolder(String path) throws PosixException {
        ADD_CHDIR.check(actions, arena.allocateFrom(path));
    }

    /**
     * Starts the process.
     *
     * @param arguments the first is the program, by its path
     * @param environment all of it, as NAME=value
     * @return its process number
     */
    public int start(List<String> arguments, List<String> environment) throws PosixException {
        MemorySegment pid = arena.allocate(JAVA_INT);
        SPAWN.check(
                pid,
                arena.allocateFrom(arguments.getFirst()),
                actions,
                attributes,
                array(arguments),
                array(environment));
        return pid.get(JAVA_INT, 0);
    }

    /** A char*[] that ends with NULL. */
    private MemorySegment array(List<String> texts) {
        MemorySegment array = arena.allocate(ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        return array;
    }

    @Override
    public void close() throws PosixException {
        ATTRIBUTES_DESTROY.check(attributes);
        ACTIONS_DESTROY.check(actions);
        arena.close();
    }
}
