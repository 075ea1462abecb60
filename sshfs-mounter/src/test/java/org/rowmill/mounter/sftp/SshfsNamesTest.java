package org.rowmill.mounter.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.mounter.ssh.TestSshd;

/**
 * Names and links of any bytes, through the kernel and {@code sshfs}, with heads of different locales. Each test runs a
 * shell script in the mount and on an ordinary file system, and compares the results.
 */
@Tag("slow")
class SshfsNamesTest {

    /**
     * Runs COMMAND for each byte that a name can contain, between two letters: the shell would remove a final newline.
     */
    private static final String ALL_BYTES =
            "i=1; while [ $i -le 255 ]; do n=$(printf \"x\\\\$(printf %03o $i)y\"); [ $i -eq 47 ] || COMMAND;"
                    + " i=$((i + 1)); done";

    @TempDir
    private Path directory;

    private Path plain;
    private Path project;

    @SuppressWarnings("NullAway.Init") // each test calls mount()
    private KernelMount mount;

    private void mount(String locale) throws IOException {
        Process server = ServeDirectory.start(project, Map.of("LC_ALL", locale));
        mount = KernelMount.of(server, "/", directory.resolve("node"));
    }

    @BeforeEach
    void makeDirectories() throws IOException {
        plain = Files.createDirectory(directory.resolve("plain"));
        project = Files.createDirectory(directory.resolve("project"));
    }

    @AfterEach
    void unmount() {
        if (mount != null) {
            mount.close();
        }
    }

    private void makesTheSameInBoth(String script) {
        KernelMount.sh(plain, script);
        KernelMount.sh(mount.directory(), script);
        for (Path same : new Path[] {mount.directory(), project}) {
            // Fails unless both trees have the same names, contents and targets.
            TestSshd.run("diff", "-r", "--no-dereference", plain.toString(), same.toString());
        }
    }

    /** The other file system is mounted in a namespace that the server and the script share. */
    @Test
    void aMoveToAnotherFileSystemIsACopy() throws IOException {
        Path other = Files.createDirectory(project.resolve("other"));
        assertThat(succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "rowmill-test", other.toString()))
                .as("mount of a tmpfs")
                .isTrue();
        try {
            mount("C.UTF-8");
            KernelMount.sh(
                    mount.directory(),
                    "echo x >a && mkdir d && echo y >d/b && mv a other/a && mv d other/d && mkdir e other/e && >other/e/c");
            assertThat(other.resolve("a")).hasContent("x");
            assertThat(other.resolve("d/b")).hasContent("y");
            assertThat(project.resolve("a")).doesNotExist();
            Path moved = mount.directory().resolve("f");
            Files.writeString(moved, "z");
            Files.move(moved, mount.directory().resolve("other/f"));
            assertThat(other.resolve("f")).hasContent("z");
        } finally {
            succeeds("umount", "-l", other.toString());
        }
    }

    private static boolean succeeds(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.onExit().join().exitValue() == 0;
    }

    @ParameterizedTest
    @ValueSource(strings = {"C.UTF-8", "C"})
    void namesOfAnyBytesAreKept(String locale) throws IOException {
        mount(locale);
        makesTheSameInBoth(ALL_BYTES.replace("COMMAND", "echo $i >\"$n\""));
        makesTheSameInBoth("d=$(printf 'd\\344\\na') && mkdir \"$d\" && mv x*y \"$d\" && mv \"$d\" \"$d$d\"");
        assertThat(KernelMount.sh(mount.directory(), "find . -type f -print0 | tr -cd '\\0' | wc -c")
                        .strip())
                .isEqualTo("254");
        makesTheSameInBoth("rm d*/x*y && rmdir d* && [ -z \"$(ls)\" ]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C.UTF-8", "C"})
    void namesAreUpTo255BytesLong(String locale) throws IOException {
        mount(locale);
        String longest = "n=$(printf '\\303\\244%.0s' $(seq 127))z; ";
        makesTheSameInBoth(longest + "echo a >\"$n\" && mkdir \"${n%z}x\"");
        makesTheSameInBoth(longest + "! echo a 2>&1 >\"${n}z\" && ! mkdir \"${n}z\" && ! ln -s x \"${n}z\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C.UTF-8", "C"})
    void linksAreKept(String locale) throws IOException {
        mount(locale);
        makesTheSameInBoth("mkdir d && echo inside >d/file && ln -s d/file relative && ln -s /usr/bin/env absolute"
                + " && ln -s no/such/thing dangling && ln -s ../plain/d up && ln -s . here");
        assertThat(KernelMount.sh(mount.directory(), "cat relative up/file here/relative && [ -x absolute ]"))
                .isEqualTo("inside\n".repeat(3));
        makesTheSameInBoth(
                "t=; " + ALL_BYTES.replace("COMMAND", "t=\"$t/$n\"") + "; ln -s \"$t\" bytes && ln -s \"x$t\" more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C.UTF-8", "C"})
    void targetsOfLinksKeepTheirSlashes(String locale) throws IOException {
        mount(locale);
        makesTheSameInBoth("i=0; for t in d/ d// d//e d///e/ /d //d ///d/ / // ./d ././/d .. ../ ; do"
                + " ln -s \"$t\" $i && ln -s \"$t$(printf '\\344')\" a$i || exit 1; i=$((i + 1)); done");
        makesTheSameInBoth("a=\"'\"; ln -s \"//$a\\\"\\$(touch touched)\\`\" quoted");
        makesTheSameInBoth("t=; " + ALL_BYTES.replace("COMMAND", "t=\"$t/$n/\"") + "; ln -s \"$t\" bytes");
        makesTheSameInBoth("! ln -s x// 0 && mkdir e && ! ln -s -T x//y e");
        makesTheSameInBoth("t=x//$(printf '%04092d' 0); ln -s $t longest && ! ln -s ${t}0 longer");
    }

    @ParameterizedTest
    @ValueSource(strings = "C")
    void operationsWithoutPermissionAreRejected(String locale) throws IOException {
        Files.writeString(project.resolve("closed"), "secret");
        Files.createDirectory(project.resolve("fixed"));
        KernelMount.sh(project, "chmod 0 closed && touch open fixed/old && chmod 500 fixed");
        mount(locale);
        for (String command : List.of(
                "cat closed",
                "tee closed",
                "touch fixed/new",
                "mkdir fixed/d",
                "ln open fixed/open",
                "ln -s x fixed/link",
                "ln -s x/ fixed/link",
                "mv open fixed/open",
                "rm fixed/old",
                // Java can change attributes only of files that it can open.
                "chmod 600 closed")) {
            assertThat(KernelMount.sh(mount.directory(), "! " + command + " </dev/null"))
                    .endsWith("Permission denied\n");
        }
    }
}
