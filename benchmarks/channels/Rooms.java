import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Makes versions 1.0.0 to 1.0.N of an app with channels at /room: what a WebSocket says it hears again, after how often it has spoken; a stream of
 * events has a number each time when its turn comes. Arguments: the folder for the jars, N, events a second, the jars to compile against.
 */
final class Rooms {

    private static final String ROOM = """
            package room;

            import com.espra.protoplex.api.channel.*;
            import java.nio.charset.StandardCharsets;
            import java.util.concurrent.ConcurrentHashMap;
            import java.util.concurrent.locks.LockSupport;

            public class Room implements ChannelReceiver {
                private static final int EVENTS_PER_SECOND = %s;

                private final ConcurrentHashMap<Channel, Long> counts = new ConcurrentHashMap<>();
                private volatile Thread ticker;

                void start() {
                    ticker = Thread.ofPlatform().daemon().name("room").start(this::tick);
                }

                void stop() {
                    ticker.interrupt();
                }

                private void tick() {
                    long due = System.nanoTime();
                    while (!Thread.interrupted()) {
                        int before = 0;
                        for (Channel channel : counts.keySet()) {
                            if (channel.protocol() == Channel.Protocol.EVENT_STREAM && EVENTS_PER_SECOND > 0) {
                                counts.computeIfPresent(channel, Room::next);
                                due += 1_000_000_000L / EVENTS_PER_SECOND;
                                LockSupport.parkNanos(due - System.nanoTime());
                                before++;
                            }
                        }
                        if (before == 0) {
                            LockSupport.parkNanos(1_000_000);
                            due = System.nanoTime();
                        }
                    }
                }

                private static Long next(Channel channel, Long last) {
                    channel.send(Long.toString(last + 1));
                    return last + 1;
                }

                public void opened(Channel channel) {
                    counts.put(channel, 0L);
                }

                public void message(Channel channel, String text) {
                    channel.send(counts.merge(channel, 1L, Long::sum) + " " + text);
                }

                public byte[] leave(Channel channel) {
                    return counts.remove(channel).toString().getBytes(StandardCharsets.US_ASCII);
                }

                public void adopted(Channel channel, byte[] state) {
                    counts.put(channel, Long.valueOf(new String(state, StandardCharsets.US_ASCII)));
                }

                public void closed(Channel channel, int code, String reason) {
                    counts.remove(channel);
                }
            }
            """;

    private static final String COMPONENT = """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="room" activate="start" deactivate="stop">
              <implementation class="room.Room"/>
              <property name="protoplex.path" type="String" value="/room"/>
              <service><provide interface="com.espra.protoplex.api.channel.ChannelReceiver"/></service>
            </scr:component>
            """;

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        Path source = Files.createDirectories(folder.resolve("src/room")).resolve("Room.java");
        Files.writeString(source, ROOM.formatted(arguments[2]));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        String[] options = {"-cp", arguments[3], "-d", classes.toString(), source.toString()};
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, options) != 0) {
            throw new IOException("the app does not compile");
        }
        for (int i = 0; i <= Integer.parseInt(arguments[1]); i++) {
            write(folder.resolve("room-1.0." + i + ".jar"), "1.0." + i, classes);
        }
    }

    private static void write(Path jar, String version, Path classes) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", "room");
        attributes.putValue("Bundle-Version", version);
        attributes.putValue("Import-Package", "com.espra.protoplex.api.channel");
        attributes.putValue("Service-Component", "OSGI-INF/room.xml");
        Map<String, byte[]> entries = new TreeMap<>();
        entries.put("OSGI-INF/room.xml", COMPONENT.getBytes(StandardCharsets.UTF_8));
        try (Stream<Path> files = Files.list(classes.resolve("room"))) {
            for (Path file : List.copyOf(files.toList())) {
                entries.put("room/" + file.getFileName(), Files.readAllBytes(file));
            }
        }
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new JarEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
    }
}
