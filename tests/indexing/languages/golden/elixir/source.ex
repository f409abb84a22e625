defmodule Shop.Disk do
  @moduledoc """
  Keeps things on disk.

  More.
  """
  use GenServer
  require Logger
  import Ecto.Query, only: [from: 2, where: 3]
  alias Shop.{Store, Util.Text}
  alias Shop.Log, as: L
  @behaviour Shop.Backend
  @limit 10
  @type t :: %__MODULE__{name: String.t()}
  defstruct [:name, size: 0]
  defexception [:message]

  @doc """
  Saves it.
  """
  @spec save(t, keyword) :: :ok | {:error, term}
  @impl true
  def save(disk, opts \\ [])
  def save(%__MODULE__{name: name} = disk, opts) when is_list(opts) do
    L.info("x")
    Store.put(disk, name) |> check() |> Text.trim(:all)
    Enum.map(opts, &fix/1)
    Enum.each(opts, fn x -> mend(x) end)
    Enum.each(opts, &Store.get(&1, 2))
    __MODULE__.reset()
    %Store{id: 1}
    Logger.info("a")
    :ets.new(:x, [])
    with {:ok, a} <- fetch(disk), do: a
    case load() do
      {:ok, v} -> v
      _ -> raise ArgumentError, "no"
    end
    disk.name
    opts[:callback].(1)
    callback = fn y -> y end
    callback.(2)
    apply(Store, :put, [1, 2])
    GenServer.call(__MODULE__, :x)
  end
  def save(_, _), do: :error

  defp fix(x), do: x + 1
  defp mend(x) when x > 1, do: fix x
  defmacro twice(expr) do
    quote do
      unquote(expr)
      Shop.Disk.helper()
    end
  end
  defguard is_big(x) when x > 100
  defdelegate put(a, b), to: Store
  def a <~> b, do: {a, b}
  @impl GenServer
  def init(state), do: {:ok, state}
  def no_args, do: @limit

  defmodule Inner do
    def go, do: Shop.Disk.save(1)
  end

  defprotocol Size do
    @doc "Its size."
    def size(data)
  end
  defimpl Size, for: Shop.Store do
    def size(s), do: s.size
  end
end
