package org.rowmill.schemas;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Handles signals of the operating system. It uses {@code sun.misc.Signal} by reflection, because the compiler warns
 * about each use of this class. If the class is missing, signals keep their default effect.
 */
public final class Signals {

    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private Signals() {}

    /**
     * Sets an action for a signal, instead of its default effect.
     *
     * @param name name of the signal without SIG, such as INT
     * @param action runs on a thread of the JVM at each signal, one call at a time for each name
     * @return whether the JDK permits it
     */
    public static boolean on(String name, Runnable action) {
        InvocationHandler call = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                action.run();
                yield null;
            }
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> "handler of SIG" + name;
        };
        try {
            Class<?> handler = Class.forName(HANDLER);
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, call);
            handle(name, handler, proxy);
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Ignores a signal. Ctrl-C on a terminal also reaches the children of the head, but the head decides when they end.
     *
     * @param name name of the signal without SIG, such as INT
     * @return whether the JDK permits it
     */
    public static boolean ignore(String name) {
        try {
            Class<?> handler = Class.forName(HANDLER);
            handle(name, handler, handler.getField("SIG_IGN").get(null));
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Ends this process at once. Uses SIGKILL if there is a {@code kill} command, because a JVM that halts first writes what its
     * options demand, such as a list of its classes. Does not return.
     *
     * @param exitCode exit code if there is no {@code kill} command
     */
    public static void killSelf(int exitCode) {
        try {
            String self = Long.toString(ProcessHandle.current().pid());
            new ProcessBuilder("kill", "-KILL", self).start().waitFor();
        } catch (IOException e) {
            // halt instead
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exitCode);
    }

    private static void handle(String name, Class<?> handlerClass, Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName(SIGNAL);
        Object of = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handlerClass).invoke(null, of, handler);
    }
}
