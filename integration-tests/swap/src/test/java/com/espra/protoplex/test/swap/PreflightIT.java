package com.espra.protoplex.test.swap;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.test.support.TestBundle;
import java.nio.file.Path;
import java.util.List;
import org.junit.Test;

/** What a release may require, and how it is refused when that is not there: always by name, and before anything is installed. */
public class PreflightIT extends SwapTest {

    private Path build(TestBundle bundle) {
        return bundle.build(folder);
    }

    private void refused(Release release, String... words) throws Exception {
        Outcome outcome = swapRefused(release);
        for (String word : words) {
            assertTrue(outcome.reason(), outcome.reason().contains(word));
        }
        assertTrue(
                "told as a failure of PREFLIGHT: " + events.steps(),
                events.steps().contains("PREFLIGHT FAILED"));
        assertTrue("nothing was installed: " + events.steps(), !events.steps().contains("INSTALL BEGUN"));
        assertEquals(List.of(), generationBundles());
    }

    @Test
    public void requireBundleIsMetByTheReleaseOrThePlatform() throws Exception {
        Path library = build(TestBundle.named("com.example.base")
                .source(
                        "package com.example.base; public class Base { public static String name() { return \"base\"; } }")
                .header("Export-Package", "com.example.base"));
        Path app = build(handler("com.example.requirer", "1.0.0", "/require", "com.example.base.Base.name()")
                .against(library)
                .header("Import-Package", "!com.example.base,*")
                .header("Require-Bundle", "com.example.base;bundle-version=\"[1.0,2)\",org.eclipse.jetty.server"));
        swapDone(release("require", "1.0.0", library, app));
        assertServes("/require", "base");
    }

    @Test
    public void aRequiredBundleThatIsNotThereIsNamed() throws Exception {
        Path app = build(handler("com.example.requirer", "1.0.0", "/require", "\"x\"")
                .header("Require-Bundle", "org.eclipse.jetty.servr"));
        refused(
                release("require", "1.0.0", app),
                "the bundle org.eclipse.jetty.servr",
                "the nearest is org.eclipse.jetty.server");
    }

    @Test
    public void aRequiredBundleOfAnotherVersionIsNamedWithWhatThereIs() throws Exception {
        Path library = build(TestBundle.named("com.example.base").resource("a", "a"));
        Path app = build(handler("com.example.requirer", "1.0.0", "/require", "\"x\"")
                .header("Require-Bundle", "com.example.base;bundle-version=\"[2.0,3)\""));
        refused(
                release("require", "1.0.0", library, app),
                "com.example.requirer 1.0.0 needs the bundle com.example.base [2.0.0,3.0.0)",
                "(there is 1.0.0)");
    }

    @Test
    public void aFragmentJoinsItsHostWithinItsGeneration() throws Exception {
        for (String version : new String[] {"1.0.0", "1.0.1"}) {
            Path host = handler(
                            "com.example.host",
                            version,
                            "/host",
                            "new String(getClass().getResourceAsStream(\"/text\").readAllBytes())")
                    .build(folder.resolve(version));
            Path fragment = TestBundle.named("com.example.part")
                    .header("Fragment-Host", "com.example.host")
                    .resource("text", "of " + version)
                    .build(folder.resolve(version));
            swapDone(release("host", version, host, fragment));
            assertServes("/host", "of " + version);
        }
    }

    @Test
    public void aFragmentOfABundleOfThePlatformIsRefused() throws Exception {
        Path fragment = build(TestBundle.named("com.example.part")
                .header("Fragment-Host", "org.eclipse.jetty.server")
                .resource("text", "x"));
        Path app = build(handler("com.example.app", "1.0.0", "/app", "\"x\""));
        refused(
                release("app", "1.0.0", app, fragment),
                "com.example.part 1.0.0",
                "the host bundle org.eclipse.jetty.server");
    }

    @Test
    public void aContractIsMetByTheReleaseOrRefusedByName() throws Exception {
        Path provider = build(TestBundle.named("com.example.contract")
                .resource("a", "a")
                .header(
                        "Provide-Capability",
                        "osgi.contract;osgi.contract=Greeting;version:List<Version>=\"1.0,1.1\""));
        String contract = "osgi.contract;filter:=\"(&(osgi.contract=%s)(version=%s))\"";
        Path app = handler("com.example.app", "1.0.0", "/app", "\"served\"")
                .header("Require-Capability", contract.formatted("Greeting", "1.1"))
                .build(folder);
        swapDone(release("app", "1.0.0", app, provider));
        assertServes("/app", "served");
        engine.remove("app").get();
        events.clear();

        refused(release("app", "1.0.0", app), "com.example.app 1.0.0 needs the contract Greeting 1.1");
        Path newer = handler("com.example.app", "1.0.1", "/app", "\"x\"")
                .header("Require-Capability", contract.formatted("Greeting", "2.0"))
                .build(folder);
        refused(
                release("app", "1.0.1", newer, provider),
                "com.example.app 1.0.1 needs the contract Greeting 2.0",
                "(there is 1.0.0, 1.1.0)");
    }

    @Test
    public void anExtensionOfTheFrameworkIsRefused() throws Exception {
        for (String host :
                new String[] {"system.bundle;extension:=framework", "org.apache.felix.framework;extension:=framework"
                }) {
            Path extension = build(TestBundle.named("com.example.extension")
                    .header("Fragment-Host", host)
                    .resource("x", "x"));
            refused(
                    release("extension", "1.0.0", extension),
                    "com.example.extension-1.0.0.jar",
                    "extension of the framework");
        }
    }

    @Test
    public void nativeCodeForThisMachineIsTakenAndForAnotherIsRefused() throws Exception {
        swapDone(release("app", "1.0.0", nativeCode("1.0.0", "osname=Linux;processor=x86-64;processor=aarch64")));
        assertServes("/app", "1.0.0");
        engine.remove("app").get();
        events.clear();

        Outcome outcome = swapRefused(release("app", "1.0.1", nativeCode("1.0.1", "osname=Win32;processor=x86")));
        assertTrue(
                outcome.reason(),
                outcome.reason()
                        .startsWith("com.example.app 1.0.1 has native code for other machines only"
                                + " (native/code;osname=Win32;processor=x86), and this one is "));
        assertEquals(List.of(), generationBundles());
        swapDone(release("app", "1.0.2", nativeCode("1.0.2", "osname=Win32,*")));
    }

    private Path nativeCode(String version, String clause) {
        return build(handler("com.example.app", version, "/app", "\"" + version + "\"")
                .header("Bundle-NativeCode", "native/code;" + clause)
                .resource("native/code", "x"));
    }
}
