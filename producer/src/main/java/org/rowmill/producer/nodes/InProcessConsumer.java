package org.rowmill.producer.nodes;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.rundir.HeldRowsFile;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.protocol.ConsumerControl;
import org.rowmill.schemas.protocol.ConsumerSettings;

/**
 * Runs consumer.jar in the JVM of the head, for a debugger: with a class loader of its own, one slot, and no time limit
 * for rows.
 */
public final class InProcessConsumer implements HeadConsumer {

    private static final String CLASS = "org.rowmill.consumer.process.InProcess";
    private static final int PIPE_BYTES = 1 << 16;
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** Is never closed: threads of the broker's client still load classes while they end with the process. */
    private final URLClassLoader loader;

    private final ConsumerSettings settings;
    private final StopSignal stop;
    private final PipedOutputStream in = new PipedOutputStream();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private volatile boolean closing;

    public InProcessConsumer(Path jar, ConsumerSettings settings, StopSignal stop) throws IOException {
        this.loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        this.settings = settings;
        this.stop = stop;
    }

    @Override
    public void start() throws IOException {
        HeldRowsFile.prepare(settings.slots().inHand(), settings.slots().count());
        PipedInputStream input = new PipedInputStream(in, PIPE_BYTES);
        PrintStream terminal = System.err; // standard output is for results
        System.setOut(terminal);
        Thread thread = Threads.daemon("rowmill-in-process", () -> run(input, terminal));
        thread.setContextClassLoader(loader);
        thread.start();
        settings.writeTo(in);
    }

    private void run(InputStream input, PrintStream terminal) {
        try {
            Method run =
                    loader.loadClass(CLASS).getMethod("run", InputStream.class, OutputStream.class, IntConsumer.class);
            IntConsumer onEnd = this::ended;
            run.invoke(null, input, new UnclosableStream(terminal), onEnd);
        } catch (InvocationTargetException e) {
            failed(String.valueOf(e.getCause()));
        } catch (ReflectiveOperationException e) {
            failed(e.toString());
        }
    }

    private void ended(int exitCode) {
        ended.complete(exitCode);
        if (!closing) {
            failed("it has ended with exit code " + exitCode);
        }
    }

    private void failed(String reason) {
        ended.complete(ExitCode.SOME_FAILED);
        stop.request("the consumer in this process cannot continue: " + reason, ExitCode.SOME_FAILED);
    }

    @Override
    public void announceStop() {
        closing = true;
    }

    /** Ends nothing at once: only a process can be killed. */
    @Override
    public void kill() {
        closing = true;
    }

    /** Does nothing: who steps through a row in a debugger exceeds each limit. */
    @Override
    public void limitRows(Duration limit) {}

    /** Does nothing: there is no other node. */
    @Override
    public void exclude(Duration time) {}

    @Override
    public void close() throws IOException {
        closing = true;
        ConsumerControl.STOP.writeTo(in); // the end of the input alone means that the head has died
        in.close();
        try {
            ended.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return; // its threads end with the process
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Keeps the terminal open when the consumer closes its output. */
    private static final class UnclosableStream extends FilterOutputStream {
        UnclosableStream(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
