package com.espra.protoplex.host.launch;

import com.espra.protoplex.host.StartException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One process at a time uses a data folder. The kernel frees the lock of a process that dies, however it dies. */
public final class DataLock implements AutoCloseable {

    private final FileChannel channel;

    private DataLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock of a data folder, which is created when it is missing.
     *
     * @throws StartException if another process has it, or the folder cannot be written
     */
    public static DataLock take(Path data) throws StartException {
        Path file = data.resolve("lock");
        try {
            Files.createDirectories(data);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                String holder = Files.readString(file).strip();
                channel.close();
                throw new StartException("process " + holder + " runs a node in " + data
                        + " already. Stop it first, or choose another folder with --data.");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return new DataLock(channel);
        } catch (IOException e) {
            throw new StartException(
                    "the data folder " + data + " cannot be used: " + why(e)
                            + ". Give a folder that this user may write to.",
                    e);
        }
    }

    /** Java tells of a refusal by its type alone. */
    private static String why(IOException e) {
        String said = String.valueOf(e.getMessage());
        return e instanceof AccessDeniedException ? "this user may not write " + said : said;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
