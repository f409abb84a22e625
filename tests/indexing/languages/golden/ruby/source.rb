# frozen_string_literal: true

require "json"
require_relative "lib/base"
require 'shop/tools'
autoload :Brush, "shop/brush"
load "names.rb"

LIMIT = 10
$log = Logger.new(STDOUT)

# All that is sold.
module Store
  VERSION, REVISION = "1", 2

  def self.open(size = 1)
    Shop.new(size)
  end

  # Keeps orders; written to show what Ruby says about names.
  #
  # @since 1
  class Shop < Base::Counter
    include Comparable, Logs
    extend Forwardable
    prepend Audited
    attr_accessor :name, :desk
    attr_reader :store
    alias_method :size, :count
    alias open_all open
    delegate :run, to: :desk
    has_many :orders
    before_action :check, only: [:find]
    Part = Struct.new(:order, :count) do
      def total = count * order.price
    end

    class << self
      def build(*args, **options, &block)
        new(*args, &block)
      end

      private

      attr_reader :registry
    end

    @@count = 0

    def initialize(store, name: "shop", desk: nil)
      super(name)
      @store = store
      @desk = desk || Desk.new(self)
      @cache = {}
      @@count += 1
      self.level = Level.new
    end

    # Finds one.
    # It may load it.
    def find(id, *names, &handler)
      @store.each do |order|
        order.send_to id
      end
      for line in names
        line.trim
      end
      loader = Loader.new(id)
      left, right = pair(id)
      cast = @cache[id.name] || Order.none
      names.map(&:strip).select { |name| name.ok? }.each { log _1 }
      task = ->(step) { step.next }
      proc_one = lambda { |step| step.result }
      task.call(loader)
      other = cast.open? ? cast : Order.none(1)
      @desk&.clear&.refill(1)
      save! if valid?
      puts "#{cast.text} #{title}"
      yield loader, by: id
      return loader.get
    rescue NotFound, Store::Missing => problem
      raise Failure, problem
    else
      case cast
      when Circle then cast.roll
      end
    ensure
      close(handler)
      super
    end

    def <=>(other) = size <=> other.size

    def level=(level)
      @level = level
    end

    def valid?
      !@store.nil? && block_given?
    end

    private

    def check
      yield self if block_given?
      method(:find)
    end

    def self.restore(file) = new(JSON.parse(file))
  end

  class Shop::Small < Shop
    define_method(:tiny) { |x| x.trim }
  end

  class Failure < StandardError; end

  module_function

  def audit(shop)
    shop.find(1) { |found| found.report }
  end
end

class String
  def shout
    upcase + "!"
  end
end

def run(shop = Store::Shop.build(1))
  Store.audit(shop)
  ::Store::Shop.restore("a").find 2
end

run if __FILE__ == $0
