import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeModel;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes the classes of jars anew, if they are older than Java 6 (picocli's are of Java 5): the JVM takes no such class into an AOT cache, and reads and
 * verifies each of them at every start, with the verifier of that time. They become classes of Java 8, with the stack maps that its verifier wants (JVMS
 * 4.10.1); their code stays as it is. Idempotent; a jar without such classes is not touched.
 */
final class ClassVersions {

    private static final int OLDEST_IN_CACHE = ClassFile.JAVA_6_VERSION;

    private ClassVersions() {}

    static void renew(Path folder) throws IOException {
        try (var jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                if (hasOldClasses(jar)) {
                    rewrite(jar);
                }
            }
        }
    }

    private static boolean hasOldClasses(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (isClass(entry) && isOld(zip.getInputStream(entry).readNBytes(8))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void rewrite(Path jar) throws IOException {
        Path renewed = jar.resolveSibling(jar.getFileName() + ".new");
        try (URLClassLoader neighbours =
                        new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
                ZipFile zip = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(renewed))) {
            ClassFile classFile = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(neighbours)
                            .orElse(ClassHierarchyResolver.defaultResolver())
                            .cached()));
            for (ZipEntry entry : Collections.list(zip.entries())) {
                byte[] content = zip.getInputStream(entry).readAllBytes();
                write(out, entry, isClass(entry) && isOld(content) ? renewed(classFile, content) : content);
            }
        }
        Files.move(renewed, jar, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] renewed(ClassFile classFile, byte[] content) {
        ClassModel old = classFile.parse(content);
        // A method that is passed on as it was keeps its bytes: only one that is taken apart gets stack maps.
        ClassTransform everyMethod = ClassTransform.transformingMethods((builder, element) -> {
            if (element instanceof CodeModel code) {
                builder.withCode(it -> code.forEach(it::with));
            } else {
                builder.with(element);
            }
        });
        ClassTransform version = (builder, element) -> builder.with(
                element instanceof ClassFileVersion ? ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0) : element);
        return classFile.transformClass(old, version.andThen(everyMethod));
    }

    private static void write(ZipOutputStream zip, ZipEntry original, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(original.getName());
        entry.setTimeLocal(original.getTimeLocal());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static boolean isClass(ZipEntry entry) {
        return entry.getName().endsWith(".class");
    }

    private static boolean isOld(byte[] content) {
        return ((content[6] & 0xff) << 8 | content[7] & 0xff) < OLDEST_IN_CACHE;
    }
}
