package org.rowmill.mounter.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** A process whose threads all add the same hosts to a known_hosts file, like heads that start at the same time. */
final class AddHostKeys {

    static final int HOSTS = 40;
    private static final int THREADS = 4;

    private AddHostKeys() {}

    public static void main(String[] arguments) throws Exception {
        KnownHostsFile file = new KnownHostsFile(Path.of(arguments[0]));
        byte[] key = key(Path.of(arguments[1]));
        Callable<Boolean> work = () -> {
            for (int i = 0; i < HOSTS; i++) {
                if (file.add("host-" + i, key, false) != HostKeyEntries.Match.KNOWN) {
                    return false;
                }
            }
            return true;
        };
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Boolean>> all = threads.invokeAll(
                    IntStream.range(0, THREADS).mapToObj(i -> work).toList());
            for (Future<Boolean> one : all) {
                System.out.println(one.get());
            }
        } finally {
            threads.shutdown();
        }
    }

    /** Reads the key of a file that ssh-keygen has written. */
    static byte[] key(Path publicKey) throws IOException {
        return Base64.getDecoder().decode(Files.readString(publicKey).split(" ")[1]);
    }
}
